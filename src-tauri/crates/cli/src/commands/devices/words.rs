//! Devices, modules and tokens as a person reads them.

use countersign_ceremony::devices::{DeviceKind, DeviceView};
use countersign_ceremony::key_on_offer::KeyOrigin;
use countersign_ceremony::tokens::{ModuleTrust, ModuleView, TokenView};
use countersign_problem::Said;
use countersign_views::NamesView;

use crate::ui;

/// A device as a person reads it.
pub fn device(device: &DeviceView) -> String {
    let mut text = device.name.text.clone();
    let mut add = |part: String| {
        text.push_str(" · ");
        text.push_str(&part);
    };
    if device.virtual_card {
        add("virtual".to_owned());
    }
    device.serial.into_iter().for_each(|serial| add(serial.to_string()));
    device.card_id.iter().for_each(|id| add(id.clone()));
    device.firmware.iter().for_each(|firmware| add(format!("firmware {firmware}")));
    match device.pin_tries {
        Some(0) => add("PIN blocked".to_owned()),
        Some(1) => add("1 PIN attempt left".to_owned()),
        Some(tries) => add(format!("{tries} PIN attempts left")),
        None if device.kind == DeviceKind::Card => add("PIN attempts left not known".to_owned()),
        None => {}
    }
    if device.kind == DeviceKind::Reading {
        add("being read".to_owned());
    }
    text.push('\n');
    if let Some(problem) = &device.problem {
        text.push_str(&format!("  {}. {}\n", problem.sentence(), problem.hint_sentence()));
    }
    let mut table = ui::plain_table();
    for key in &device.keys {
        let policy = |what: &str, policy: &Option<Said>| match policy {
            Some(policy) => format!("{what} {policy}"),
            None => format!("{what} ?"),
        };
        let mut about = Vec::new();
        if let (Some(id), Some(owner)) = (&key.key_id, &key.owner) {
            about.push(format!("{id} of {owner}"));
        }
        about.extend(key.attestation.as_ref().map(|attestation| attestation.words.text.clone()));
        about.extend(key.names.as_ref().map(certificate));
        about.extend(key.problem.as_ref().map(ToString::to_string));
        table.add_row([
            format!("  {}", key.slot),
            key.key_type.to_string(),
            policy("PIN", &key.pin_policy),
            match device.kind {
                DeviceKind::Card => String::new(),
                _ => policy("touch", &key.touch_policy),
            },
            key.origin.map(|origin| origin.to_string()).unwrap_or_default(),
            about.join("; "),
        ]);
    }
    for line in table.lines() {
        text.push_str(line.trim_end());
        text.push('\n');
    }
    let warnings = device.warnings.iter().map(ToString::to_string);
    for warning in blocked(device).into_iter().chain(warnings) {
        text.push_str(&format!("  warning: {warning}\n"));
    }
    text
}

/// The certificate beside a key: whose it is, and whether a root proves that.
fn certificate(names: &NamesView) -> String {
    format!("certificate of {}", names.words.text)
}

/// What a person can do if no attempt at the PIN or PUK is left.
fn blocked(device: &DeviceView) -> Option<String> {
    let blocked = match (device.pin_tries, device.puk_tries) {
        (Some(0), Some(0)) => {
            "PIN and PUK are blocked: keys that ask for the PIN cannot sign. Only a reset (ykman piv reset) makes the YubiKey usable again, and it destroys the keys."
        }
        (Some(0), None) if device.kind == DeviceKind::Card => {
            "The PIN is blocked: have it unblocked with the PUK, with the software of the card's issuer."
        }
        (Some(0), _) => "The PIN is blocked: unblock it with the PUK (countersign pin unblock).",
        (_, Some(0)) => {
            "The PUK is blocked: the keys still sign with the PIN, but if the PIN is blocked nothing can unblock it."
        }
        _ => return None,
    };
    Some(blocked.to_owned())
}

/// A module and its tokens as a person reads them.
pub fn module(module: &ModuleView) -> String {
    let mut text = format!("{} · {}\n", module.name, module.path);
    if let Some(problem) = &module.problem {
        text.push_str(&format!("  {}. {}\n", problem.sentence(), problem.hint_sentence()));
    }
    match module.trust {
        ModuleTrust::Known => text.push_str("  known: what it calls hardware counts as hardware\n"),
        ModuleTrust::Changed => text.push_str(
            "  its file has changed since it was trusted, so its word on hardware does not count; if you know why, trust it again (countersign modules trust)\n",
        ),
        ModuleTrust::Unlisted => {}
    }
    if module.problem.is_none() && module.tokens.is_empty() {
        text.push_str("  no token\n");
    }
    module.tokens.iter().for_each(|token| text.push_str(&self::token(token)));
    text
}

fn token(token: &TokenView) -> String {
    let parts = [&token.label, &token.serial, &token.manufacturer, &token.model];
    let mut parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).cloned().collect();
    if token.virtual_token {
        parts.push("virtual".to_owned());
    }
    parts.push(format!("slot {}", token.slot));
    let hardware = if token.hardware_slot { "hardware slot" } else { "software slot" };
    parts.push(hardware.to_owned());
    parts.push(format!("PIN {}", token.pin));
    let mut text = format!("  {}\n", parts.join(" · "));
    if let Some(problem) = &token.problem {
        text.push_str(&format!("    {problem}\n"));
    }
    let mut table = ui::plain_table();
    for key in &token.keys {
        let mut about = Vec::new();
        if let (Some(id), Some(owner)) = (&key.key_id, &key.owner) {
            about.push(format!("{id} of {owner}"));
        }
        let subject = || key.subject.as_ref().map(|subject| format!("certificate of {subject}"));
        about.extend(key.names.as_ref().map(certificate).or_else(subject));
        if key.expired {
            about.push("the certificate has expired".to_owned());
        }
        about.extend(key.same_as.as_ref().map(|other| format!("the same key as {other}")));
        about.extend(key.problem.as_ref().map(ToString::to_string));
        table.add_row([
            format!("    {}", if key.label.is_empty() { "(no label)" } else { &key.label }),
            format!("id {}", if key.id.is_empty() { "none" } else { &key.id }),
            key.key_type.to_string(),
            key.kind.to_string(),
            key.origin.map_or("origin unknown", KeyOrigin::as_str).to_owned(),
            about.join("; "),
        ]);
    }
    for line in table.lines() {
        text.push_str(line.trim_end());
        text.push('\n');
    }
    let mut whys: Vec<_> = token.keys.iter().map(|key| (key.kind, &key.kind_why.text)).collect();
    whys.sort();
    whys.dedup();
    for (kind, why) in whys {
        text.push_str(&format!("    {kind}: {why}\n"));
    }
    for warning in &token.warnings {
        text.push_str(&format!("    warning: {warning}\n"));
    }
    text
}
