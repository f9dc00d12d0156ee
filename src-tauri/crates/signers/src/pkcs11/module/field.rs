//! Text in fields of fixed length.

/// Text in a field of fixed length: blank padded by the standard, ended by zero in some modules. Bytes
/// that are not UTF-8 are written out, so that two fields that differ never look the same.
pub(super) fn text(field: &[u8]) -> String {
    let end = field.iter().position(|byte| *byte == 0).unwrap_or(field.len());
    let mut text = String::new();
    for chunk in field[..end].utf8_chunks() {
        text.push_str(chunk.valid());
        chunk.invalid().iter().for_each(|byte| text.push_str(&format!("\\x{byte:02x}")));
    }
    text.trim_matches(' ').to_owned()
}
