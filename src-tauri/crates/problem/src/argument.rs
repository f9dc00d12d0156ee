//! How a field of an error becomes an argument of its text.

use std::fmt::Display;
use std::path::{Path, PathBuf};

use crate::problem::{Explain, Problem, Reason, Value};
use crate::visible::visible;
use crate::words::Words;

/// A field of an error. Which of the traits below applies is found by its type: an error stays one,
/// a number stays one, everything else is shown as text.
#[derive(Debug, Clone, Copy)]
pub struct Of<'a, T: ?Sized>(pub &'a T);

/// An error as an argument.
pub trait AsProblem {
    /// The argument.
    fn value(&self) -> Value;
}

impl<T: Explain + ?Sized> AsProblem for &&Of<'_, T> {
    fn value(&self) -> Value {
        Value::Problem(Box::new(self.0.problem()))
    }
}

/// A number, a path or an option as an argument.
pub trait AsValue {
    /// The argument.
    fn value(&self) -> Value;
}

impl<T: Argument + ?Sized> AsValue for &Of<'_, T> {
    fn value(&self) -> Value {
        self.0.argument()
    }
}

/// Everything else that can be shown as an argument.
pub trait AsDisplay {
    /// The argument.
    fn value(&self) -> Value;
}

impl<T: Display + ?Sized> AsDisplay for Of<'_, T> {
    fn value(&self) -> Value {
        Value::from(visible(&self.0.to_string()))
    }
}

/// What is an argument otherwise than by its text.
pub trait Argument {
    /// The argument.
    fn argument(&self) -> Value;
}

impl Argument for Value {
    fn argument(&self) -> Value {
        self.clone()
    }
}

/// An error that is data already.
impl Argument for Problem {
    fn argument(&self) -> Value {
        Value::Problem(Box::new(self.clone()))
    }
}

/// So is the reason for something.
impl Argument for Reason {
    fn argument(&self) -> Value {
        self.problem().argument()
    }
}

/// Words that stand in an error are safe to show.
impl Argument for Words {
    fn argument(&self) -> Value {
        Value::Words(self.visible())
    }
}

impl Argument for Path {
    fn argument(&self) -> Value {
        Value::from(visible(&self.to_string_lossy()))
    }
}

impl Argument for &Path {
    fn argument(&self) -> Value {
        (*self).argument()
    }
}

impl Argument for PathBuf {
    fn argument(&self) -> Value {
        self.as_path().argument()
    }
}

impl Argument for bool {
    fn argument(&self) -> Value {
        Value::from(*self)
    }
}

macro_rules! numbers {
    ($($number:ty),*) => {
        $(impl Argument for $number {
            fn argument(&self) -> Value {
                // No platform has numbers of more than 64 bits here.
                Value::Number(u64::try_from(*self).unwrap_or(u64::MAX))
            }
        })*
    };
}

numbers!(u8, u16, u32, u64, usize, i32, i64);

/// An optional argument; `none` in the catalogue if nothing was given.
impl<T: Display> Argument for Option<T> {
    fn argument(&self) -> Value {
        match self {
            Some(given) => Value::from(match visible(&given.to_string()) {
                // A text from elsewhere must not pass for one that was not given.
                text if text == "none" => "\"none\"".to_owned(),
                text => text,
            }),
            None => Value::None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_reads_none_is_not_a_missing_one() {
        assert_eq!(None::<&str>.argument(), Value::None);
        assert_eq!(Some("none").argument(), Value::from("\"none\""));
        assert_eq!(Some("other").argument(), Value::from("other"));
    }
}
