//! Tests against the tree.

use super::*;
use crate::json::parse;
use proptest::prelude::*;

fn text(json: &str) -> Text {
    Text::parse(Arc::new(json.as_bytes().to_vec())).unwrap()
}

/// The tree, built by navigating.
fn tree(node: Node<'_>) -> Value {
    if let Some(items) = node.items() {
        return Value::Array(items.map(tree).collect());
    }
    let Some(members) = node.members() else { return node.to_value() };
    let mut object = crate::json::Object::new();
    for member in members {
        let value = node.get(&member.key()).unwrap();
        assert_eq!(value.at, member.value().at);
        object.set(&member.key(), tree(value));
    }
    Value::Object(object)
}

fn same_as_tree(json: &[u8]) -> Result<(), TestCaseError> {
    match (Text::parse(Arc::new(json.to_vec())), parse(json)) {
        (Ok(text), Ok(document)) => {
            prop_assert_eq!(tree(text.root()), document.value);
            prop_assert_eq!(text.duplicate_key, document.duplicate_key);
        }
        (text, tree) => prop_assert_eq!(text.err(), tree.err()),
    }
    Ok(())
}

fn any_json() -> impl Strategy<Value = String> {
    let key =
        prop_oneof!["[a-c]{0,3}", r#"(a|b|\\u0061|\\n|\\\\|\\"|\\ud83d\\ude00|\\u0000|é){0,4}"#,];
    let leaf = prop_oneof![
        Just("null".to_owned()),
        "true|false|0|-0|-1.5|1e5|12345678901234567890",
        key.clone().prop_map(|text| format!("\"{text}\"")),
    ];
    let space = "[ \n\r\t]{0,2}";
    leaf.prop_recursive(5, 60, 80, move |inner| {
        let (space, key) = (space, key.clone());
        prop_oneof![
            (space, prop::collection::vec(inner.clone(), 0..5))
                .prop_map(|(s, items)| format!("[{s}{}{s}]", items.join(&format!("{s},")))),
            (space, prop::collection::vec((key, inner), 0..80)).prop_map(|(s, members)| {
                let members: Vec<String> =
                    members.iter().map(|(k, v)| format!("{s}\"{k}\"{s}:{s}{v}{s}")).collect();
                format!("{{{s}{}}}", members.join(","))
            }),
        ]
    })
}

proptest! {
    #[test]
    fn a_text_is_navigated_as_its_tree_is(json in any_json()) {
        same_as_tree(json.as_bytes())?;
    }

    #[test]
    fn what_is_not_json_gives_the_same_error(json in any_json(), at in any::<prop::sample::Index>(), byte: u8) {
        let mut bytes = json.into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        same_as_tree(&bytes)?;
    }
}

#[test]
fn many_keys_are_sorted_whatever_they_have_in_common() {
    let common = "x".repeat(70);
    for prefix in ["", "a", "same/long/beginning/of/all/keys/", &common] {
        let keys = (0..500_u32).map(|n| n.wrapping_mul(2_654_435_761) % 700);
        let members: Vec<String> = keys
            .map(|n| match n % 3 {
                0 => format!("\"{prefix}{n}\":{n}"),
                1 => format!("\"{prefix}\\u00{:02x}{n}\":{n}", n % 256),
                _ => format!("\"{prefix}{n:05}\\n\":[{n}]"),
            })
            .collect();
        same_as_tree(format!("{{{}}}", members.join(",")).as_bytes()).unwrap();
    }
}

#[test]
fn very_many_keys_of_which_few_differ_are_last_wins() {
    let members: Vec<String> =
        (0..200_000_u32).map(|n| format!("\"{}\":{n}", n.wrapping_mul(40_503) % 1000)).collect();
    same_as_tree(format!("{{\"z\":0,{}}}", members.join(",")).as_bytes()).unwrap();
}

#[test]
fn a_place_is_named_by_keys_and_positions() {
    let text = text(r#"{"z":[1,{"y":"here"}],"a":{"b":2}}"#);
    let here = text.root().at(&["z"]).unwrap().items().unwrap().nth(1).unwrap();
    assert_eq!(text.path_to(here.get("y").unwrap().at), "/z/1/y");
    assert_eq!(text.path_to(text.root().at(&["a", "b"]).unwrap().at), "/a/b");
}
