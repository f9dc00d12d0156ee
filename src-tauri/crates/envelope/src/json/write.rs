//! Writing a tree for people and for files.

use compact_str::CompactString;

pub(super) fn write_items<T>(
    out: &mut String,
    indent: Option<usize>,
    [open, close]: [char; 2],
    items: impl Iterator<Item = T>,
    mut write: impl FnMut(&mut String, T, Option<usize>),
) {
    let inner = indent.map(|columns| columns + 2);
    let new_line = |out: &mut String, columns: Option<usize>| {
        if let Some(columns) = columns {
            out.push('\n');
            out.extend(std::iter::repeat_n(' ', columns));
        }
    };
    out.push(open);
    let mut empty = true;
    for item in items {
        if !empty {
            out.push_str(if inner.is_some() { "," } else { ", " });
        }
        empty = false;
        new_line(out, inner);
        write(out, item, inner);
    }
    if !empty {
        new_line(out, indent);
    }
    out.push(close);
}

/// Writes a string with the escapes of canonical JSON: `"`, `\` and U+0000 to U+001F, nothing else.
pub(crate) fn write_string(text: &str, out: &mut String) {
    out.push('"');
    let mut plain_from = 0;
    for (index, byte) in text.bytes().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.push_str(&text[plain_from..index]);
        plain_from = index + 1;
        out.push_str(&escape(byte));
    }
    out.push_str(&text[plain_from..]);
    out.push('"');
}

/// The escape of canonical JSON for `"`, `\\` or a control character.
pub(crate) fn escape(byte: u8) -> CompactString {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let short = match byte {
        b'"' => "\\\"",
        b'\\' => "\\\\",
        b'\n' => "\\n",
        b'\r' => "\\r",
        b'\t' => "\\t",
        0x08 => "\\b",
        0x0c => "\\f",
        control => {
            let digits = [HEX[usize::from(control >> 4)], HEX[usize::from(control & 15)]];
            let mut written = CompactString::const_new("\\u00");
            written.extend(digits.map(char::from));
            return written;
        }
    };
    CompactString::const_new(short)
}
