//! What the window puts into words, as programs read it: in English.

use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use serde_json::Value;

/// A view with its words as English text: only the window speaks other languages.
#[derive(Debug)]
pub struct InEnglish<T>(pub T);

impl<T: Serialize> Serialize for InEnglish<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut value = serde_json::to_value(&self.0).map_err(S::Error::custom)?;
        put(&mut value);
        value.serialize(serializer)
    }
}

/// Puts the English text in the place of [`Said`](countersign_problem::Said). The arguments of a
/// problem stay as they are.
fn put(value: &mut Value) {
    match value {
        Value::Object(fields) if is_said(fields) => {
            *value = fields.remove("text").unwrap_or_default();
        }
        Value::Object(fields) => {
            fields.iter_mut().filter(|(name, _)| *name != "args").for_each(|(_, one)| put(one));
        }
        Value::Array(items) => items.iter_mut().for_each(put),
        _ => {}
    }
}

fn is_said(fields: &serde_json::Map<String, Value>) -> bool {
    fields.len() == 3 && ["text", "id", "args"].iter().all(|name| fields.contains_key(*name))
}

#[cfg(test)]
mod tests {
    use countersign_problem::{Said, Words, words};
    use serde_json::json;

    use super::*;

    #[test]
    fn words_are_english_text_wherever_they_stand() {
        let said = Said::from(words!("key-waits-blinks"));
        let view = json!({ "a": [{ "why": said, "name": "x" }], "args": [said] });
        let expected = json!({
            "a": [{ "why": "Touch it if it blinks.", "name": "x" }],
            "args": [said],
        });
        assert_eq!(json!(InEnglish(view)), expected);
        assert_eq!(json!(InEnglish(Said::from(Words::text("ada")))), "ada");
    }
}
