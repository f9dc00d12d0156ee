//! Errors as data: a code, arguments and a hint; the words come from one catalogue.
//!
//! | question | module |
//! |---|---|
//! | What is an error, before it is put into words? | [`struct@Problem`], made by [`Explain`] |
//! | What can stand in its text? | [`Value`], made by [`argument`] |
//! | What is a sentence about something else, such as a verdict? | [`Words`], made by [`words!`] |
//! | How is a list said? | [`list`] |
//! | How are words sent to who shows them in another language? | [`Said`] |
//! | Where are the words? | `catalogue`; the texts in `en/*.ftl` ([Project Fluent](https://projectfluent.org)) |
//! | How is text from files made safe to show? | [`visible`] |
//!
//! ```
//! use std::path::PathBuf;
//! use countersign_problem::{Explain as _, Problem};
//!
//! /// The messages are `example-missing` and `example-short` in `en/example.ftl`.
//! #[derive(Debug, Problem)]
//! enum ExampleError {
//!     Missing { path: PathBuf },
//!     Short(u64),
//! }
//!
//! let problem = ExampleError::Missing { path: PathBuf::from("/srv/RUN-1.json") }.problem();
//! assert_eq!(problem.code.name(), "missing");
//! assert_eq!(problem.message(), "/srv/RUN-1.json: there is no such file");
//! assert_eq!(problem.hint().as_deref(), Some("check the name"));
//! assert_eq!(ExampleError::Short(1).to_string(), "only 1 byte is there");
//! ```

// The derive names this crate as others see it.
extern crate self as countersign_problem;

pub mod argument;
mod catalogue;
pub mod list;
mod problem;
mod said;
pub mod visible;
mod words;

pub use catalogue::Language;
pub use countersign_problem_derive::{Problem, words};
pub use problem::{Code, Explain, Hint, Problem, Reason, Value, capital};
pub use said::{Said, SaidArgument, SaidValue};
pub use words::Words;
