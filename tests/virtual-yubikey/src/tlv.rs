//! BER-TLV data objects as SP 800-73-4 uses them: single-byte tags are opaque, whatever their bits
//! say, so `AA 01 02` is a byte and not a sequence.

use flexiber::{Decoder, Encodable as _, SimpleTag, Tag, TagLike as _, TaggedSlice};

/// The data objects of `bytes`, or nothing if they are malformed.
pub fn parse(bytes: &[u8]) -> Option<Vec<(u8, &[u8])>> {
    let mut decoder = Decoder::new(bytes);
    let mut objects = Vec::new();
    while !decoder.is_finished() {
        let object: TaggedSlice<'_, SimpleTag> = decoder.decode().ok()?;
        let tag = u8::try_from(object.tag().embedding().number).ok()?;
        objects.push((tag, object.as_bytes()));
    }
    Some(objects)
}

/// The value of the first data object with `tag`.
pub fn find(bytes: &[u8], tag: u8) -> Option<&[u8]> {
    parse(bytes)?.into_iter().find(|(found, _)| *found == tag).map(|(_, value)| value)
}

/// A data object with a single-byte tag. Values here are far below the limit of 65,535 bytes.
pub fn object(tag: u8, value: &[u8]) -> Vec<u8> {
    SimpleTag::try_from(tag)
        .and_then(|tag| TaggedSlice::from(tag, value)?.to_vec())
        .unwrap_or_default()
}

/// The data object of a public key, tag 7F49 (SP 800-73-4, part 2, section 3.3.2).
pub fn public_key(value: &[u8]) -> Vec<u8> {
    let tag = Tag::application(0x49).constructed();
    TaggedSlice::from(tag, value).and_then(|object| object.to_vec()).unwrap_or_default()
}
