//! `#[derive(Problem)]`: an error type whose texts are in the catalogue of `countersign-problem`.
//!
//! | question | module |
//! |---|---|
//! | How is an error type read? | `read` |
//! | Does the catalogue have its texts? | `catalogue` |
//! | What is generated? | `write` |
//! | How is what is no error said? | `said` |

mod catalogue;
mod read;
mod said;
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
    write::write(&error, messages)
}

/// Makes words of a message of the catalogue, as data: `words!("run-not-found", who = ?signer, count)`.
///
/// An argument is a text, a number, other words or an error (whatever a `Value` is made from); with
/// `%` what it shows, with `?` its debug form, which quotes a text from a file. A variable of the name
/// of an argument need not be named.
///
/// A message that is missing, or that has other arguments, does not compile.
#[proc_macro]
pub fn words(input: TokenStream) -> TokenStream {
    let said = syn::parse_macro_input!(input as said::Said);
    let messages =
        catalogue::messages().map_err(|why| syn::Error::new(proc_macro2::Span::call_site(), why));
    let written = messages.and_then(|messages| said.write(messages));
    written.unwrap_or_else(|error| error.to_compile_error()).into()
}

/// The texts of every file of the catalogue in a language, as a slice of `&'static str`:
/// `catalogue!("en")`.
#[proc_macro]
pub fn catalogue(input: TokenStream) -> TokenStream {
    let language = syn::parse_macro_input!(input as syn::LitStr);
    match catalogue::files(&language.value()) {
        Ok(files) => {
            let paths = files.iter().map(|file| file.to_string_lossy().into_owned());
            quote!(&[#(include_str!(#paths)),*]).into()
        }
        Err(why) => quote!(compile_error!(#why)).into(),
    }
}
