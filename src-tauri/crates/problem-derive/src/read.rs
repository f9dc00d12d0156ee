//! An error type, as it is written.

use proc_macro2::Span;
use quote::format_ident;
use syn::ext::IdentExt as _;
use syn::spanned::Spanned as _;
use syn::{Attribute, Data, DeriveInput, Expr, Fields, Ident, LitStr, Result, Token, Type};

/// An error type.
pub struct Error<'a> {
    /// The whole of it.
    pub input: &'a DeriveInput,
    /// Its variants; one without a name if it is a structure.
    pub variants: Vec<Variant<'a>>,
}

/// A variant of an error, or a structure.
pub struct Variant<'a> {
    /// Its name; `None` of a structure.
    pub name: Option<&'a Ident>,
    /// Its name in the catalogue.
    pub message: String,
    /// Its code.
    pub code: String,
    /// Whether it passes on the problem of its field.
    pub transparent: bool,
    /// Its fields.
    pub fields: Vec<Field<'a>>,
    /// Arguments beside the fields.
    pub arguments: Vec<(Ident, Expr)>,
    /// Whether the fields have no names.
    pub unnamed: bool,
    /// Its place in the source.
    pub span: Span,
}

/// A variant or a structure as it is declared.
struct Declaration<'a> {
    /// Its name; `None` for a structure.
    name: Option<&'a Ident>,
    /// Its name in the catalogue.
    message: String,
    /// Its code.
    code: String,
    attributes: &'a [Attribute],
    fields: &'a Fields,
    /// Where it is declared.
    span: Span,
}

/// A field.
pub struct Field<'a> {
    /// Its name, in the catalogue and in scope.
    pub name: Ident,
    /// Its type.
    pub ty: &'a Type,
    /// Whether it is the source of the error.
    pub source: bool,
    /// Whether the error is made from it.
    pub from: bool,
}

impl<'a> Error<'a> {
    pub fn read(input: &'a DeriveInput) -> Result<Self> {
        let options = Options::of(&input.attrs)?;
        let name = input.ident.to_string();
        let area =
            options.area.unwrap_or_else(|| words(name.strip_suffix("Error").unwrap_or(&name), '-'));
        let variants = match &input.data {
            Data::Struct(data) => {
                let code = options.code.unwrap_or_else(|| area.replace('-', "_"));
                let declaration = Declaration {
                    name: None,
                    message: area,
                    code,
                    attributes: &input.attrs,
                    fields: &data.fields,
                    span: input.span(),
                };
                vec![Variant::read(declaration)?]
            }
            Data::Enum(data) => {
                let read = |variant: &'a syn::Variant| {
                    let name = variant.ident.to_string();
                    let code = Options::of(&variant.attrs)?.code;
                    let message = format!("{area}-{}", words(&name, '-'));
                    let code = code.unwrap_or_else(|| words(&name, '_'));
                    Variant::read(Declaration {
                        name: Some(&variant.ident),
                        message,
                        code,
                        attributes: &variant.attrs,
                        fields: &variant.fields,
                        span: variant.ident.span(),
                    })
                };
                data.variants.iter().map(read).collect::<Result<_>>()?
            }
            Data::Union(_) => return Err(syn::Error::new(input.span(), "a union is no error")),
        };
        Ok(Self { input, variants })
    }
}

impl<'a> Variant<'a> {
    fn read(declaration: Declaration<'a>) -> Result<Self> {
        let Declaration { name, message, code, attributes, fields, span } = declaration;
        let transparent = Options::of(attributes)?.transparent;
        let unnamed = matches!(fields, Fields::Unnamed(_));
        let mut read = Vec::new();
        for field in fields {
            let has = |name: &str| field.attrs.iter().any(|one| one.path().is_ident(name));
            let from = has("from");
            let name = match &field.ident {
                Some(name) => name.clone(),
                None => named_after(&field.ty),
            };
            let source = from || has("source") || name == "source" || transparent;
            if read.iter().any(|other: &Field<'_>| other.name == name) {
                let text = format!("two fields would be called {name}: name them");
                return Err(syn::Error::new(field.span(), text));
            }
            read.push(Field { name, ty: &field.ty, source, from });
        }
        if transparent && read.len() != 1 {
            return Err(syn::Error::new(span, "a transparent variant has one field"));
        }
        let mut arguments = Vec::new();
        for attribute in attributes.iter().filter(|one| one.path().is_ident("arg")) {
            attribute.parse_args_with(|input: syn::parse::ParseStream<'_>| {
                while !input.is_empty() {
                    let name = input.call(Ident::parse_any)?;
                    input.parse::<Token![=]>()?;
                    arguments.push((name, input.parse::<Expr>()?));
                    if !input.is_empty() {
                        input.parse::<Token![,]>()?;
                    }
                }
                Ok(())
            })?;
        }
        let fields = read;
        Ok(Self { name, message, code, transparent, fields, arguments, unnamed, span })
    }
}

/// The options in `#[problem(…)]`.
#[derive(Default)]
struct Options {
    area: Option<String>,
    code: Option<String>,
    transparent: bool,
}

impl Options {
    fn of(attributes: &[Attribute]) -> Result<Self> {
        let mut options = Self::default();
        for attribute in attributes.iter().filter(|one| one.path().is_ident("problem")) {
            attribute.parse_nested_meta(|meta| {
                if meta.path.is_ident("area") {
                    options.area = Some(meta.value()?.parse::<LitStr>()?.value());
                } else if meta.path.is_ident("code") {
                    options.code = Some(meta.value()?.parse::<LitStr>()?.value());
                } else if meta.path.is_ident("transparent") {
                    options.transparent = true;
                } else {
                    return Err(meta.error("area, code or transparent is meant"));
                }
                Ok(())
            })?;
        }
        Ok(options)
    }
}

/// The name of a field that has none: that of its type.
fn named_after(ty: &Type) -> Ident {
    let Type::Path(path) = ty else { return format_ident!("text") };
    let Some(last) = path.path.segments.last() else { return format_ident!("text") };
    if let syn::PathArguments::AngleBracketed(inner) = &last.arguments
        && let (true, Some(syn::GenericArgument::Type(inner))) =
            (last.ident == "Box" || last.ident == "Arc", inner.args.first())
    {
        return named_after(inner);
    }
    match last.ident.to_string().as_str() {
        "PathBuf" => format_ident!("path"),
        "String" | "CompactString" => format_ident!("text"),
        "u8" | "u16" | "u32" | "u64" | "usize" => format_ident!("number"),
        error if error.ends_with("Error") => format_ident!("cause"),
        other => format_ident!("{}", words(other, '_')),
    }
}

/// A name in capitals as words with a sign between: `NotNamed` becomes `not-named`.
fn words(name: &str, between: char) -> String {
    let mut out = String::new();
    for (index, letter) in name.char_indices() {
        if letter.is_uppercase() && index > 0 {
            out.push(between);
        }
        out.extend(letter.to_lowercase());
    }
    out
}
