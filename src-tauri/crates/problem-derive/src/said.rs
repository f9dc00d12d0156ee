//! `words!`: what is said, as data, checked against the catalogue.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream};
use syn::{Expr, Ident, LitStr, Result, Token};

use crate::catalogue::Catalogue;

/// A message and its arguments, as they are written.
pub struct Said {
    id: LitStr,
    arguments: Vec<Argument>,
}

struct Argument {
    name: Ident,
    value: TokenStream,
}

impl Parse for Said {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let id = input.parse()?;
        let mut arguments = Vec::new();
        while !input.is_empty() {
            input.parse::<Token![,]>()?;
            if !input.is_empty() {
                arguments.push(input.parse()?);
            }
        }
        Ok(Self { id, arguments })
    }
}

impl Parse for Argument {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let name = if input.peek2(Token![=]) && !input.peek2(Token![==]) {
            let name = input.call(Ident::parse_any)?;
            input.parse::<Token![=]>()?;
            Some(name)
        } else {
            None
        };
        let form = if input.parse::<Option<Token![?]>>()?.is_some() {
            Some("{:?}")
        } else {
            input.parse::<Option<Token![%]>>()?.map(|_| "{}")
        };
        let (name, value) = match name {
            Some(name) => (name, input.parse::<Expr>()?.into_token_stream()),
            None => {
                let name: Ident = input.parse()?;
                (name.clone(), name.into_token_stream())
            }
        };
        let value = match form {
            Some(form) => quote!(::std::format!(#form, #value)),
            None => value,
        };
        Ok(Self { name, value })
    }
}

impl Said {
    /// The code that makes the words. Fails if the catalogue has no such message, or one with other
    /// arguments.
    pub fn write(&self, catalogue: &Catalogue) -> Result<TokenStream> {
        let id = self.id.value();
        let refuse = |text: String| Err(syn::Error::new(self.id.span(), text));
        let Some(message) = catalogue.get(&id) else {
            return refuse(format!("the catalogue has no message {id}"));
        };
        let given: BTreeSet<String> =
            self.arguments.iter().map(|one| one.name.unraw().to_string()).collect();
        if given != message.arguments || given.len() != self.arguments.len() {
            let wanted = message.arguments.iter().cloned().collect::<Vec<_>>().join(", ");
            return refuse(format!("the arguments of the message {id} are: {wanted}"));
        }
        let file = message.file.to_string_lossy();
        let arguments = self.arguments.iter().map(|Argument { name, value }| {
            let name = name.unraw().to_string();
            quote!((#name, ::countersign_problem::Value::from(#value)))
        });
        Ok(quote!({
            // The code is compiled again when the file changes.
            const _: &[u8] = include_bytes!(#file);
            ::countersign_problem::Words::message(#id, [#(#arguments),*])
        }))
    }
}
