//! Canonical JSON: the one spelling of a value that is hashed and signed.
//!
//! Keys sorted by Unicode code point, no white space, timestamps in UTC, line ends as LF, numbers
//! as the reference prints them (integers exactly, doubles rounded to 15 significant digits).

use countersign_problem::Problem;
use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use num_bigint::BigUint;
use sha2::Digest as _;

use crate::digest::Digest;
use crate::instant::Instant;
use crate::json::{
    Node, Object, Piece, Pieces, Text, Value, after_comma, decode, escape, is_float, scalar_end,
    skip_space, string_end, write_string,
};

/// Longest canonical form that is judged. It is longer than the text only where numbers such as
/// `1e300` are written out in full.
pub const MAX_CANONICAL: u64 = 256 << 20;

/// The canonical form is longer than [`MAX_CANONICAL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Problem)]
#[arg(limit = MAX_CANONICAL >> 20)]
pub struct TooLong;

/// The canonical bytes of a value.
pub fn to_string(value: &Value) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

/// The digest of the canonical bytes of a value.
pub fn digest(value: &Value) -> Digest {
    Digest::of(to_string(value).as_bytes())
}

/// The canonical bytes of an object, written once, with the place of each top-level member.
#[derive(Debug, Clone)]
pub struct CanonicalObject {
    text: String,
    /// Where each member's value stands, in the order of the object's keys.
    values: Vec<Range<usize>>,
}

impl CanonicalObject {
    /// Writes an object.
    pub fn new(object: &Object) -> Self {
        let mut text = String::with_capacity(2048);
        let mut values = Vec::with_capacity(object.len());
        text.push('{');
        for (index, (key, value)) in object.iter().enumerate() {
            if index > 0 {
                text.push(',');
            }
            write_string(key, &mut text);
            text.push(':');
            let start = text.len();
            write(value, &mut text);
            values.push(start..text.len());
        }
        text.push('}');
        Self { text, values }
    }

    /// The digest with the text member `key` set to `""`: how `entry_hash` is computed.
    pub fn digest_with_blank(&self, object: &Object, key: &str) -> Option<Digest> {
        let range = self.place(object, key)?;
        let text = self.text.as_bytes();
        let (before, after) = (&text[..range.start], &text[range.end..]);
        Some(Digest::of_parts(&[before, b"\"\"", after]))
    }

    fn place(&self, object: &Object, key: &str) -> Option<Range<usize>> {
        let index = object.iter().position(|(k, _)| k == key)?;
        self.values.get(index).cloned()
    }
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(written) => write_number(written, out),
        Value::String(text) => write_text(text, out),
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        Value::Object(object) => {
            out.push('{');
            for (index, (key, item)) in object.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_string(key, out);
                out.push(':');
                write(item, out);
            }
            out.push('}');
        }
    }
}

fn write_text(text: &str, out: &mut String) {
    if let Some(instant) = Instant::parse(text) {
        out.push('"');
        instant.write(out);
        out.push('"');
    } else if text.contains('\r') {
        write_string(&text.replace("\r\n", "\n").replace('\r', "\n"), out);
    } else {
        write_string(text, out);
    }
}

fn write_number(written: &str, out: &mut String) {
    if !is_float(written) {
        out.push_str(if written == "-0" { "0" } else { written });
        return;
    }
    if let Some(decimal) = Decimal::parse(written)
        && decimal.is_exact()
    {
        return decimal.write(out);
    }
    // The parser let only finite doubles through.
    let number: f64 = written.parse().unwrap_or(0.0);
    if number == 0.0 {
        out.push('0');
    } else if number.fract() == 0.0 {
        write_whole(number, out);
    } else {
        // Rounded to 15 significant digits, then the shortest form that reads back.
        let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
        match Decimal::parse(&format!("{rounded:e}")) {
            Some(decimal) => decimal.write_fraction(out),
            None => out.push_str(written),
        }
    }
}

/// Writes a whole double, all its digits.
fn write_whole(number: f64, out: &mut String) {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.abs() < EXACT {
        out.push_str(&(number as i64).to_string());
        return;
    }
    // From 2^53 on a double is its 53 bits of mantissa times a power of two (IEEE 754).
    let bits = number.to_bits();
    let mantissa = bits & ((1 << 52) - 1) | 1 << 52;
    let shift = (bits >> 52 & 0x7ff).saturating_sub(1075);
    out.push_str(if number < 0.0 { "-" } else { "" });
    out.push_str(&(BigUint::from(mantissa) << shift).to_string());
}

/// A number as decimal digits: `0.d1d2d3… × 10^point`.
struct Decimal {
    negative: bool,
    /// Without leading or trailing zeros; only the first 17 at most.
    digits: [u8; 17],
    count: usize,
    point: i32,
}

impl Decimal {
    /// Most digits that every double keeps.
    const KEPT: usize = 15;

    /// Reads a number as JSON or Rust writes it; `None` if it has too many digits.
    fn parse(written: &str) -> Option<Self> {
        let mut decimal = Self { negative: false, digits: [0; 17], count: 0, point: 0 };
        let mut zeros = 0;
        let mut is_fraction = false;
        let mut bytes = written.bytes();
        for byte in bytes.by_ref() {
            match byte {
                b'-' => decimal.negative = true,
                b'.' => is_fraction = true,
                b'e' | b'E' => break,
                b'0' if decimal.count == 0 => decimal.point -= i32::from(is_fraction),
                digit => {
                    decimal.point += i32::from(!is_fraction);
                    if digit == b'0' {
                        zeros += 1;
                        continue;
                    }
                    for digit in std::iter::repeat_n(b'0', zeros).chain([digit]) {
                        *decimal.digits.get_mut(decimal.count)? = digit;
                        decimal.count += 1;
                    }
                    zeros = 0;
                }
            }
        }
        let exponent = written.len() - bytes.len();
        if let Some(exponent) = written.get(exponent..).filter(|rest| !rest.is_empty()) {
            decimal.point = decimal.point.checked_add(exponent.parse().ok()?)?;
        }
        Some(decimal)
    }

    /// Whether the digits are also those of the double that they name, rounded to 15: so it is with
    /// at most 15 of them, away from the ends of the range, and unless the number is whole and so
    /// large that all digits of the double are printed.
    fn is_exact(&self) -> bool {
        self.count <= Self::KEPT
            && (-290..290).contains(&self.point)
            && (self.point <= 15 || self.count as i32 > self.point)
    }

    /// Writes a number that [`Self::is_exact`].
    fn write(&self, out: &mut String) {
        if self.count == 0 {
            out.push('0');
        } else if self.count as i32 <= self.point {
            self.write_sign(out);
            self.write_digits(0..self.count, out);
            out.extend(std::iter::repeat_n('0', self.point as usize - self.count));
        } else {
            self.write_fraction(out);
        }
    }

    /// Writes a number as Python's `repr` does: exponents below 1e-4 and from 1e16, of at least two
    /// digits.
    fn write_fraction(&self, out: &mut String) {
        let exponent = self.point - 1;
        self.write_sign(out);
        if !(-4..16).contains(&exponent) {
            self.write_digits(0..1, out);
            if self.count > 1 {
                out.push('.');
                self.write_digits(1..self.count, out);
            }
            let sign = if exponent < 0 { '-' } else { '+' };
            out.push_str(&format!("e{sign}{:02}", exponent.abs()));
        } else if exponent < 0 {
            out.push_str("0.");
            out.extend(std::iter::repeat_n('0', self.point.unsigned_abs() as usize));
            self.write_digits(0..self.count, out);
        } else {
            let whole = self.point as usize;
            if self.count > whole {
                self.write_digits(0..whole, out);
                out.push('.');
                self.write_digits(whole..self.count, out);
            } else {
                self.write_digits(0..self.count, out);
                out.extend(std::iter::repeat_n('0', whole - self.count));
                out.push_str(".0");
            }
        }
    }

    fn write_sign(&self, out: &mut String) {
        out.push_str(if self.negative { "-" } else { "" });
    }

    fn write_digits(&self, range: Range<usize>, out: &mut String) {
        out.extend(self.digits[range].iter().map(|digit| char::from(*digit)));
    }
}

/// Where canonical bytes go, piece by piece.
trait Sink {
    fn take(&mut self, bytes: &[u8]) -> Result<(), TooLong>;
}

impl<F: FnMut(&[u8])> Sink for F {
    fn take(&mut self, bytes: &[u8]) -> Result<(), TooLong> {
        self(bytes);
        Ok(())
    }
}

/// Gives the canonical bytes of a text to `sink`, piece by piece.
pub fn write_to(text: &Text, sink: impl FnMut(&[u8])) {
    let mut writer = Writer::new(text, sink);
    // This sink takes any length.
    let _ = writer.value(text.root().place().1);
    let _ = writer.flush();
}

/// The digest of the canonical bytes of a value in a text.
pub fn digest_of(node: Node<'_>) -> Digest {
    let (text, at) = node.place();
    let mut hash = sha2::Sha256::new();
    let mut writer = Writer::new(text, |piece: &[u8]| hash.update(piece));
    // This sink takes any length.
    let _ = writer.value(at);
    let _ = writer.flush();
    Digest::from_hash(hash)
}

/// Writes the canonical form of a text as it reads through it, holding no more than a piece.
struct Writer<'t, S> {
    text: &'t Text,
    bytes: &'t [u8],
    /// Where the search for indexed objects goes on.
    near: usize,
    out: Vec<u8>,
    number: String,
    /// The first time without zone that was met.
    local_time: Option<usize>,
    sink: S,
}

impl<'t, S: Sink> Writer<'t, S> {
    const PIECE: usize = 32 << 10;

    fn new(text: &'t Text, sink: S) -> Self {
        let out = Vec::with_capacity(2048);
        let (near, number, local_time) = (0, String::new(), None);
        Self { text, bytes: text.bytes(), near, out, number, local_time, sink }
    }

    fn flush(&mut self) -> Result<(), TooLong> {
        let taken = self.sink.take(&self.out);
        self.out.clear();
        taken
    }

    fn push(&mut self, bytes: &[u8]) -> Result<(), TooLong> {
        if self.out.len() + bytes.len() > Self::PIECE {
            self.flush()?;
            if bytes.len() > Self::PIECE {
                return self.sink.take(bytes);
            }
        }
        self.out.extend_from_slice(bytes);
        Ok(())
    }

    /// Writes the value at `at` and returns where it ends in the text.
    fn value(&mut self, at: usize) -> Result<usize, TooLong> {
        match self.bytes[at] {
            b'{' => self.object(at),
            b'[' => self.array(at),
            b'"' => self.string(at, true),
            _ => {
                let end = scalar_end(self.bytes, at);
                let written = &self.bytes[at..end];
                match std::str::from_utf8(written) {
                    Ok(number) if written[0] < b'A' && (is_float(number) || number == "-0") => {
                        let mut out = std::mem::take(&mut self.number);
                        out.clear();
                        write_number(number, &mut out);
                        self.push(out.as_bytes())?;
                        self.number = out;
                    }
                    _ => self.push(written)?,
                }
                Ok(end)
            }
        }
    }

    fn array(&mut self, at: usize) -> Result<usize, TooLong> {
        self.push(b"[")?;
        let mut next = skip_space(self.bytes, at + 1);
        let mut comma: &[u8] = b"";
        while self.bytes[next] != b']' {
            self.push(comma)?;
            comma = b",";
            let end = self.value(next)?;
            next = after_comma(self.bytes, end);
        }
        self.push(b"]")?;
        Ok(next + 1)
    }

    fn object(&mut self, at: usize) -> Result<usize, TooLong> {
        self.push(b"{")?;
        let mut comma: &[u8] = b"";
        let mut last = at + 1;
        if let Some(keys) = self.text.indexed(at, &mut self.near) {
            for key in keys {
                self.push(comma)?;
                comma = b",";
                // The member written last is always among those that stand.
                last = last.max(self.member(*key as usize)?);
            }
            last = skip_space(self.bytes, last);
        } else {
            last = skip_space(self.bytes, last);
            while self.bytes[last] != b'}' {
                self.push(comma)?;
                comma = b",";
                let end = self.member(last)?;
                last = after_comma(self.bytes, end);
            }
        }
        self.push(b"}")?;
        Ok(last + 1)
    }

    fn member(&mut self, key: usize) -> Result<usize, TooLong> {
        self.key(key)?;
        self.value(self.text.value_of(key))
    }

    fn key(&mut self, key: usize) -> Result<(), TooLong> {
        self.string(key, false)?;
        self.push(b":")
    }

    /// Writes a string; only values are read as times and have their line ends changed.
    fn string(&mut self, at: usize, is_value: bool) -> Result<usize, TooLong> {
        let end = string_end(self.bytes, at);
        let raw = &self.bytes[at + 1..end - 1];
        let is_plain = !raw.contains(&b'\\');
        if is_value
            && may_be_time(self.bytes, at, is_plain)
            && let Some(instant) = Instant::parse(&decode(self.bytes, at))
        {
            if instant.is_local && self.local_time.is_none() {
                self.local_time = Some(at);
            }
            self.push(format!("\"{instant}\"").as_bytes())?;
            return Ok(end);
        }
        if is_plain {
            self.push(&self.bytes[at..end])?;
            return Ok(end);
        }
        self.push(b"\"")?;
        let mut after_return = false;
        for piece in Pieces::new(self.bytes, at) {
            let is_return = matches!(piece, Piece::Escaped('\r')) && is_value;
            match piece {
                Piece::Plain(plain) => self.push(plain)?,
                Piece::Escaped('\n') if after_return => {}
                Piece::Escaped(_) if is_return => self.push(b"\\n")?,
                Piece::Escaped(special) if special < ' ' || matches!(special, '"' | '\\') => {
                    self.push(escape(special as u8).as_bytes())?;
                }
                Piece::Escaped(other) => self.push(other.encode_utf8(&mut [0; 4]).as_bytes())?,
            }
            after_return = is_return;
        }
        self.push(b"\"")?;
        Ok(end)
    }
}

/// Whether a string has digits and the `T` where a time has them.
fn may_be_time(bytes: &[u8], at: usize, is_plain: bool) -> bool {
    if is_plain {
        return bytes.get(at + 1).is_some_and(u8::is_ascii_digit)
            && bytes.get(at + 11) == Some(&b'T');
    }
    let mut seen = 0;
    for piece in Pieces::new(bytes, at) {
        let (first, length) = match &piece {
            Piece::Plain(plain) => (plain.get(10 - seen).copied(), plain.len()),
            Piece::Escaped(escaped) => (u8::try_from(*escaped).ok(), 1),
        };
        if seen + length > 10 {
            return first == Some(b'T');
        }
        seen += length;
    }
    false
}

/// The canonical form of an artifact: what is signed, and the digests taken of it, all from one
/// reading of its text.
#[derive(Debug, Clone)]
pub struct Canonical {
    text: Text,
    digest: Digest,
    content_hash: Option<Digest>,
    scope_hash: Option<Digest>,
    length: usize,
    local_time: Option<usize>,
    /// The canonical bytes, unless they are longer than the text.
    kept: Option<Arc<Vec<u8>>>,
}

impl Canonical {
    /// Writes the object of a text.
    ///
    /// # Errors
    /// Fails with [`TooLong`] if the canonical form is.
    pub fn of(text: Text) -> Result<Self, TooLong> {
        let mut writer = Writer::new(&text, Hashes::new(text.bytes().len().max(2048)));
        writer.push(b"{")?;
        let mut comma: &[u8] = b"";
        for member in text.root().members().into_iter().flatten() {
            writer.push(comma)?;
            comma = b",";
            writer.key(member.place())?;
            let value = text.value_of(member.place());
            let part = match &*member.key() {
                "hash" => Some(Hashed::BlankInContent),
                "hash_scope" => Some(Hashed::Scope),
                _ => None,
            };
            let Some(part) = part else {
                writer.value(value)?;
                continue;
            };
            writer.flush()?;
            writer.sink.begin(part);
            writer.value(value)?;
            writer.flush()?;
            writer.sink.end();
        }
        writer.push(b"}")?;
        writer.flush()?;
        let local_time = writer.local_time;
        let hashes = writer.sink;
        Ok(Self {
            digest: Digest::from_hash(hashes.whole),
            content_hash: hashes.content.map(Digest::from_hash),
            scope_hash: hashes.scope.map(Digest::from_hash),
            length: hashes.length,
            local_time,
            kept: hashes.kept.map(Arc::new),
            text,
        })
    }

    /// The text that was read.
    pub fn text(&self) -> &Text {
        &self.text
    }

    /// The canonical bytes.
    pub fn bytes(&self) -> Cow<'_, [u8]> {
        match &self.kept {
            Some(kept) => Cow::Borrowed(kept),
            None => Cow::Owned(self.write()),
        }
    }

    /// The canonical bytes, to be read as a text of their own.
    pub fn shared(&self) -> Arc<Vec<u8>> {
        self.kept.clone().unwrap_or_else(|| Arc::new(self.write()))
    }

    fn write(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.length);
        write_to(&self.text, |piece| bytes.extend_from_slice(piece));
        bytes
    }

    /// How many canonical bytes there are.
    pub fn len(&self) -> usize {
        self.length
    }

    /// Whether there are none, which is never true of an object.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// The digest of the canonical bytes.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// The digest with the member `hash` set to `""`, if there is one.
    pub fn content_hash(&self) -> Option<Digest> {
        self.content_hash
    }

    /// The digest of the canonical bytes of the member `hash_scope`, if there is one.
    pub fn scope_hash(&self) -> Option<Digest> {
        self.scope_hash
    }

    /// The first time without zone among the strings, as a path of keys. The reference takes such a
    /// time in the zone of its machine, so two machines may hash it differently.
    pub fn local_time(&self) -> Option<String> {
        self.local_time.map(|at| self.text.path_to(at))
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Hashed {
    /// The content hash has `""` here.
    BlankInContent,
    Scope,
}

/// What is made of the canonical bytes of an artifact while they are written.
struct Hashes {
    whole: sha2::Sha256,
    content: Option<sha2::Sha256>,
    scope: Option<sha2::Sha256>,
    part: Option<Hashed>,
    length: usize,
    keep: usize,
    kept: Option<Vec<u8>>,
}

impl Hashes {
    fn new(keep: usize) -> Self {
        let kept = Some(Vec::with_capacity(keep));
        let (content, scope, part) = (None, None, None);
        Self { whole: sha2::Sha256::new(), content, scope, part, length: 0, keep, kept }
    }

    fn begin(&mut self, part: Hashed) {
        self.part = Some(part);
        match part {
            Hashed::Scope => self.scope = Some(sha2::Sha256::new()),
            Hashed::BlankInContent => {
                let mut content = self.whole.clone();
                content.update(b"\"\"");
                self.content = Some(content);
            }
        }
    }

    fn end(&mut self) {
        self.part = None;
    }
}

impl Sink for Hashes {
    fn take(&mut self, bytes: &[u8]) -> Result<(), TooLong> {
        self.length += bytes.len();
        if self.length as u64 > MAX_CANONICAL {
            return Err(TooLong);
        }
        self.whole.update(bytes);
        if let Some(content) = &mut self.content
            && self.part != Some(Hashed::BlankInContent)
        {
            content.update(bytes);
        }
        if let Some(scope) = &mut self.scope
            && self.part == Some(Hashed::Scope)
        {
            scope.update(bytes);
        }
        match &mut self.kept {
            Some(kept) if self.length <= self.keep => kept.extend_from_slice(bytes),
            _ => self.kept = None,
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;
    use proptest::prelude::*;

    /// The canonical form, which is the same read from the text and printed from a tree.
    fn canonical(text: &str) -> String {
        let of_tree = to_string(&parse(text.as_bytes()).unwrap().value);
        let mut of_text = Vec::new();
        let text = Text::parse(Arc::new(text.as_bytes().to_vec())).unwrap();
        write_to(&text, |piece| of_text.extend_from_slice(piece));
        assert_eq!(String::from_utf8(of_text).unwrap(), of_tree);
        of_tree
    }

    #[test]
    fn doubles_are_laid_out_as_python_does() {
        for (written, expected) in [
            ("1.5e-5", "1.5e-05"),
            ("0.00015", "0.00015"),
            ("-2.5e-320", "-2.5e-320"),
            ("9999999999999998.5", "9999999999999998"),
            ("1234567.125", "1234567.125"),
            ("-0.1e1", "-1"),
        ] {
            assert_eq!(canonical(written), expected, "{written}");
        }
    }

    fn read(json: &str) -> Canonical {
        Canonical::of(Text::parse(Arc::new(json.as_bytes().to_vec())).unwrap()).unwrap()
    }

    #[test]
    fn a_time_without_zone_is_found() {
        let local = read(r#"{"z":"2026-01-01T00:00:00","a":[{"b":"2026-01-01T00:00:00"}]}"#);
        assert_eq!(local.local_time().as_deref(), Some("/a/0/b"));
        assert_eq!(read(r#"{"a":"2026-01-01T00:00:00Z"}"#).local_time(), None);
    }

    #[test]
    fn a_member_is_hashed_like_a_document_of_its_own() {
        let written = read(r#"{"zone":[1e3],"hash":"x","hash_scope":{"b":1,"a":2.50},"a":0}"#);
        assert_eq!(written.scope_hash().unwrap(), Digest::of(br#"{"a":2.5,"b":1}"#));
        let content = br#"{"a":0,"hash":"","hash_scope":{"a":2.5,"b":1},"zone":[1000]}"#;
        assert_eq!(written.content_hash().unwrap(), Digest::of(content));
        assert_eq!(written.digest(), Digest::of(&written.bytes()));
    }

    #[test]
    fn a_form_longer_than_the_text_is_written_when_asked_for() {
        let numbers = vec!["1e300"; 20_000].join(",");
        let written = read(&format!("{{\"a\":[{numbers}]}}"));
        assert!(written.kept.is_none());
        assert_eq!(written.digest(), Digest::of(&written.bytes()));
        assert_eq!(written.len(), written.bytes().len());
    }

    #[test]
    fn a_form_beyond_all_bounds_is_refused() {
        let numbers = vec!["1e308"; 900_000].join(",");
        let object = Text::parse(Arc::new(format!("{{\"a\":[{numbers}]}}").into_bytes())).unwrap();
        assert!(matches!(Canonical::of(object), Err(TooLong)));
    }

    fn any_text() -> impl Strategy<Value = String> {
        prop_oneof![
            any::<String>(),
            "[a-z\r\n\"\\\\\u{0}-\u{1f}é\u{ffff}😀]{0,12}",
            "[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9](\\.[0-9]{1,9})?(Z|[+-][0-2][0-9]:[0-6][0-9])?",
        ]
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Bool),
            any::<i64>().prop_map(|n| Value::Number(n.to_string().into())),
            "-?[1-9][0-9]{0,40}".prop_map(|n| Value::Number(n.into())),
            any::<f64>()
                .prop_filter("finite", |f| f.is_finite())
                .prop_map(|f| Value::Number(format!("{f:e}").into())),
            any_text().prop_map(|t| Value::String(t.into())),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
                prop::collection::vec((any_text(), inner), 0..6).prop_map(|members| {
                    let mut object = Object::new();
                    members.into_iter().for_each(|(k, v)| object.set(&k, v));
                    Value::Object(object)
                }),
            ]
        })
    }

    /// A double as it was printed before the digits were taken from the text where they can be.
    fn printed_by_rounding(number: f64) -> String {
        if number == 0.0 {
            return "0".to_owned();
        }
        if number.fract() == 0.0 {
            return format!("{number:.0}");
        }
        let rounded: f64 = format!("{number:.14e}").parse().unwrap();
        let mut out = String::new();
        Decimal::parse(&format!("{rounded:e}")).unwrap().write_fraction(&mut out);
        out
    }

    /// A fraction that rounds to a whole number prints as `1.0` and would read back as the integer
    /// `1`; the format has it so, and it settles at the second pass.
    fn rounds_to_whole(value: &Value) -> bool {
        match value {
            Value::Number(written) => {
                let mut out = String::new();
                write_number(written, &mut out);
                out.ends_with(".0")
            }
            Value::Array(items) => items.iter().any(rounds_to_whole),
            Value::Object(object) => object.iter().any(|(_, item)| rounds_to_whole(item)),
            _ => false,
        }
    }

    /// Other spellings of the same value: members reversed, white space, escapes, exponents.
    fn respell(value: &Value, out: &mut String) {
        match value {
            Value::Number(written) => {
                if is_float(written) {
                    // `1.5e3` as `1.500E+3`
                    let (mantissa, exponent) = written.split_once('e').unwrap();
                    let dot = if mantissa.contains('.') { "00" } else { ".00" };
                    let plus = if exponent.starts_with('-') { "" } else { "+" };
                    out.push_str(&format!("{mantissa}{dot}E{plus}{exponent}"));
                } else {
                    out.push_str(written);
                }
            }
            Value::String(text) => {
                out.push('"');
                text.encode_utf16().for_each(|unit| out.push_str(&format!("\\u{unit:04X}")));
                out.push('"');
            }
            Value::Array(items) => {
                out.push_str(" [\t");
                for (index, item) in items.iter().enumerate() {
                    out.push_str(if index > 0 { " ,\r\n" } else { "" });
                    respell(item, out);
                }
                out.push_str("\n] ");
            }
            Value::Object(object) => {
                out.push_str("{ ");
                let members: Vec<_> = object.iter().collect();
                for (index, (key, item)) in members.into_iter().rev().enumerate() {
                    out.push_str(if index > 0 { " , " } else { "" });
                    respell(&Value::from(key), out);
                    out.push_str(" : ");
                    respell(item, out);
                }
                out.push('}');
            }
            plain => out.push_str(&plain.to_line()),
        }
    }

    proptest! {
        #[test]
        fn digits_are_those_of_the_double(
            written in r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,18})?([eE][-+]?[0-9]{1,3})?"
        ) {
            let number: f64 = written.parse().unwrap();
            if is_float(&written) && number.is_finite() {
                let mut out = String::new();
                write_number(&written, &mut out);
                prop_assert_eq!(out, printed_by_rounding(number));
            }
        }

        #[test]
        fn canonical_of_canonical_is_itself(value in any_value()) {
            let once = to_string(&value);
            let twice = canonical(&once);
            if rounds_to_whole(&value) {
                prop_assert_eq!(canonical(&twice), twice);
            } else {
                prop_assert_eq!(twice, once);
            }
        }

        #[test]
        fn spelling_does_not_matter(value in any_value()) {
            let mut other = String::new();
            respell(&value, &mut other);
            prop_assert_eq!(canonical(&other), to_string(&value));
            prop_assert_eq!(canonical(&value.to_pretty()), to_string(&value));
        }

        #[test]
        fn no_bytes_crash_the_parser(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(document) = parse(&bytes) {
                prop_assert!(parse(to_string(&document.value).as_bytes()).is_ok());
            }
        }
    }
}
