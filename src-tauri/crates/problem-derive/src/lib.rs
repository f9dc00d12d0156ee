//! `#[derive(Problem)]`: an error type whose texts are in the catalogue of `countersign-problem`.
//!
//! | question | module |
//! |---|---|
//! | How is an error type read? | `read` |
//! | Does the catalogue have its texts? | `catalogue` |
//! | What is generated? | `write` |

mod catalogue;
mod read;
mod write;

use proc_macro::TokenStream;
use quote::quote;

/// Makes a structure or an enumeration an error that explains itself.
///
/// The text of a variant `Changed` of `SigningError` is the message `signing-changed` of the
/// catalogue, its attribute `.hint` the hint; the code is `changed`. Every named field is an argument
/// of that name. An unnamed field is named after its type: `path`, `text`, `number`, `cause` (an
/// error), or the name of the type itself.
///
/// - `#[problem(area = "log")]` on the type replaces the beginning of the messages' names.
/// - `#[problem(transparent)]` on a variant with one field passes on what that says.
/// - `#[arg(limit = limit >> 20)]` on a variant adds an argument; the fields are in scope as
///   references.
/// - `#[from]` on a field adds a conversion, and makes it the source; so does `#[source]`, and the
///   name `source`, without the conversion.
///
/// A message that is missing, or that uses an argument that there is not, does not compile.
#[proc_macro_derive(Problem, attributes(problem, arg, from, source))]
pub fn problem(input: TokenStream) -> TokenStream {
    let input = syn::parse_macro_input!(input as syn::DeriveInput);
    derive(&input).unwrap_or_else(|error| error.to_compile_error()).into()
}

fn derive(input: &syn::DeriveInput) -> syn::Result<proc_macro2::TokenStream> {
    let error = read::Error::read(input)?;
    let messages =
        catalogue::messages().map_err(|why| syn::Error::new_spanned(&input.ident, why))?;
    write::write(&error, &messages)
}

/// The texts of every file of the catalogue, as a slice of `&'static str`.
#[proc_macro]
pub fn catalogue(_: TokenStream) -> TokenStream {
    match catalogue::files() {
        Ok(files) => {
            let paths = files.iter().map(|file| file.to_string_lossy().into_owned());
            quote!(&[#(include_str!(#paths)),*]).into()
        }
        Err(why) => quote!(compile_error!(#why)).into(),
    }
}
