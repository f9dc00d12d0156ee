//! The code generated for an error type.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Result;

use crate::catalogue::Catalogue;
use crate::read::{Error, Field, Variant};

/// The implementations of `Explain`, `Display`, `std::error::Error` and `From`, with the messages of
/// the catalogue.
pub fn write(error: &Error<'_>, catalogue: &Catalogue) -> Result<TokenStream> {
    let name = &error.input.ident;
    let mut explained = Vec::new();
    for variant in &error.variants {
        explained.push(explain(variant, catalogue)?);
    }
    let sources = error.variants.iter().map(source);
    let froms = error.variants.iter().flat_map(|variant| {
        variant.fields.iter().filter(|field| field.from).map(|field| from(name, variant, field))
    });
    Ok(quote! {
        impl ::countersign_problem::Explain for #name {
            fn problem(&self) -> ::countersign_problem::Problem {
                #[allow(unused_imports)]
                use ::countersign_problem::argument::{AsDisplay as _, AsProblem as _, AsValue as _, Of};
                #[allow(unused_variables)]
                match self { #(#explained)* }
            }
        }
        impl ::std::fmt::Display for #name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(&::countersign_problem::Explain::problem(self), f)
            }
        }
        impl ::std::error::Error for #name {
            fn source(&self) -> ::std::option::Option<&(dyn ::std::error::Error + 'static)> {
                #[allow(unused_variables)]
                match self { #(#sources)* }
            }
        }
        #(#froms)*
    })
}

/// The pattern that binds the fields of a variant.
fn pattern(variant: &Variant<'_>) -> TokenStream {
    let path = match variant.name {
        Some(name) => quote!(Self::#name),
        None => quote!(Self),
    };
    let names = variant.fields.iter().map(|field| &field.name);
    match (variant.fields.is_empty(), variant.unnamed) {
        (true, _) if variant.name.is_some() => path,
        (_, true) => quote!(#path(#(#names),*)),
        (_, false) => quote!(#path { #(#names),* }),
    }
}

fn explain(variant: &Variant<'_>, catalogue: &Catalogue) -> Result<TokenStream> {
    let pattern = pattern(variant);
    if variant.transparent {
        let field = &variant.fields[0].name;
        return Ok(quote!(#pattern => ::countersign_problem::Explain::problem(#field),));
    }
    let refuse = |text: String| syn::Error::new(variant.span, text);
    let id = &variant.message;
    let message =
        catalogue.get(id).ok_or_else(|| refuse(format!("the catalogue has no message {id}")))?;
    // An argument beside the fields takes the place of a field of its name; what the texts do not use
    // is left out.
    let beside: BTreeSet<String> =
        variant.arguments.iter().map(|(name, _)| name.to_string()).collect();
    let fields = variant.fields.iter().map(|field| &field.name);
    let fields = fields.filter(|name| !beside.contains(&name.to_string()));
    let fields = fields.map(|name| (name, quote!(#name)));
    let beside = variant.arguments.iter().map(|(name, value)| (name, quote!(&(#value))));
    let mut given = BTreeSet::new();
    let mut values = Vec::new();
    for (name, value) in fields.chain(beside) {
        let name = name.to_string();
        if message.arguments.contains(&name) {
            values.push(quote!((#name, (&&&Of(#value)).value())));
        }
        given.insert(name);
    }
    if let Some(unknown) = message.arguments.difference(&given).next() {
        let known = given.iter().cloned().collect::<Vec<_>>().join(", ");
        return Err(refuse(format!(
            "the message {id} uses ${unknown}, which is none of its arguments ({known})"
        )));
    }
    let (code, hint) = (&variant.code, message.hint);
    let file = message.file.to_string_lossy();
    Ok(quote! {
        #pattern => {
            // The type is compiled again when the file changes.
            const _: &[u8] = include_bytes!(#file);
            ::countersign_problem::Problem::new(
                ::countersign_problem::Code::new(#id, #code),
                [#(#values),*],
                #hint,
            )
        }
    })
}

fn source(variant: &Variant<'_>) -> TokenStream {
    let pattern = pattern(variant);
    match variant.fields.iter().find(|field| field.source) {
        Some(Field { name, .. }) if variant.transparent => {
            quote!(#pattern => ::std::error::Error::source(#name),)
        }
        Some(Field { name, .. }) => quote!(#pattern => ::std::option::Option::Some(#name),),
        None => quote!(#pattern => ::std::option::Option::None,),
    }
}

fn from(error: &syn::Ident, variant: &Variant<'_>, field: &Field<'_>) -> TokenStream {
    let (ty, from) = (field.ty, format_ident!("from"));
    let path = match variant.name {
        Some(name) => quote!(Self::#name),
        None => quote!(Self),
    };
    let name = &field.name;
    let made = if variant.unnamed { quote!(#path(#from)) } else { quote!(#path { #name: #from }) };
    quote! {
        impl ::std::convert::From<#ty> for #error {
            fn from(#from: #ty) -> Self {
                #made
            }
        }
    }
}
