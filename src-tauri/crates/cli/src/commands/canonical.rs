//! `countersign canonical`: the bytes that are hashed and signed.

use std::io::{BufRead as _, Read as _};
use std::sync::Arc;

use countersign_envelope::canonical;
use countersign_envelope::digest::Digest;
use countersign_envelope::json::{self, JsonError, Object, Text, Value};
use countersign_problem::Problem;

use crate::stopped::Stopped;
use crate::ui;

/// Print the canonical bytes of the JSON on standard input: what is hashed and signed
#[derive(Debug, clap::Args)]
pub struct CanonicalArgs {
    /// Read one JSON object {"input": "…"} per line, print {"sha256": "…"} or {"error": "…"} for each
    #[arg(long)]
    pub jsonl: bool,
}

/// Standard input that is not JSON.
#[derive(Debug, Problem)]
struct NotCanonical {
    cause: JsonError,
}

pub fn run(args: &CanonicalArgs) -> Result<bool, Stopped> {
    let mut stdin = std::io::stdin().lock();
    let mut out = ui::raw_stdout().in_blocks();
    if !args.jsonl {
        let mut bytes = Vec::new();
        stdin.read_to_end(&mut bytes).map_err(Stopped::input)?;
        let text = Text::parse(Arc::new(bytes)).map_err(|cause| NotCanonical { cause })?;
        let mut written = Ok(());
        canonical::write_to(&text, |piece| {
            if written.is_ok() {
                written = out.write_all(piece);
            }
        });
        written?;
        out.flush()?;
        return Ok(true);
    }
    let mut line = Vec::new();
    while stdin.read_until(b'\n', &mut line).map_err(Stopped::input)? > 0 {
        if !line.trim_ascii().is_empty() {
            let answer = match answer(&line) {
                Ok(digest) => Object::from([("sha256", digest)]),
                Err(why) => Object::from([("error", why)]),
            };
            writeln!(out, "{}", Value::Object(answer).to_line())?;
        }
        line.clear();
    }
    out.flush()?;
    Ok(true)
}

fn answer(line: &[u8]) -> Result<String, String> {
    let outer = json::parse(line).map_err(|error| format!("the line: {error}"))?;
    let input = outer.value.get("input").and_then(Value::as_str);
    let input = input.ok_or_else(|| "the line has no text \"input\"".to_owned())?;
    let text = Text::parse(Arc::new(input.as_bytes().to_vec())).map_err(|e| e.to_string())?;
    let mut bytes = Vec::new();
    canonical::write_to(&text, |piece| bytes.extend_from_slice(piece));
    Ok(Digest::of(&bytes).hex())
}
