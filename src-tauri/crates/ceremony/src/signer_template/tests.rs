use super::*;

/// Fields that make a signer of a template.
fn right(id: TemplateId) -> BTreeMap<String, String> {
    let fields: &[(&str, &str)] = match id {
        TemplateId::AwsKms => &[("key-id", "alias/signing")],
        TemplateId::GoogleCloudKms => &[(
            "key-version",
            "projects/p/locations/europe-west3/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1",
        )],
        TemplateId::AzureKeyVault => &[("key-url", "https://v.vault.azure.net/keys/k/0123abcd")],
        TemplateId::VaultTransit => {
            &[("address", "https://vault:8200"), ("key", "signing"), ("key-version", "1")]
        }
        TemplateId::HsmTool => &[
            ("module", "/usr/lib/m.so"),
            ("token-label", "a token"),
            ("key-label", "witness"),
            ("pin-file", "/etc/pin"),
            ("algorithm", "ecdsa-p256-sha256"),
        ],
    };
    fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// What is wrong with one field if it has this value; `None` if nothing.
fn fault(id: TemplateId, field: &str, value: &str) -> Option<FieldFault> {
    let mut given = right(id);
    given.insert(field.to_owned(), value.to_owned());
    let error = Template::of(id).fill(&given).err()?;
    assert_eq!(error.errors.len(), 1, "{field}={value}: {error}");
    assert_eq!(error.errors[0].field, field);
    Some(error.errors[0].fault.clone())
}

#[test]
fn every_template_is_there_and_its_examples_are_valid() {
    for id in TemplateId::ALL {
        let template = Template::of(*id);
        assert_eq!(template.id, *id);
        template.fill(&right(*id)).unwrap();
        for field in template.all_fields() {
            field.rule.check(field.example).unwrap();
            field.default.map(|value| field.rule.check(value)).transpose().unwrap();
        }
    }
}

#[test]
fn each_field_has_a_value_on_either_side_of_its_rule() {
    use FieldFault as F;
    use TemplateId as T;
    let key = "projects/p/locations/l/keyRings/r/cryptoKeys/k";
    let arn = "arn:aws:kms:eu-central-1:123456789012";
    let id = "1234abcd-12ab-34cd-56ef-1234567890ab";
    /// A field of a template: values that are right, and wrong ones with what is wrong.
    type Case = (T, &'static str, Vec<String>, Vec<(String, F)>);
    let cases: [Case; 14] = [
        (
            T::AwsKms,
            "key-id",
            vec![format!("{arn}:key/{id}"), format!("{arn}:alias/a/b"), id.to_owned()],
            vec![
                (format!("{arn}:{id}"), F::AwsKey),
                ("arn:aws:s3:::bucket/key".to_owned(), F::AwsKey),
                (format!("key/{id}"), F::AwsKey),
                ("a key".to_owned(), F::AwsKey),
            ],
        ),
        (
            T::AwsKms,
            "region",
            vec!["eu-central-1".to_owned()],
            vec![("EU Central".to_owned(), F::AwsRegion)],
        ),
        (
            T::AwsKms,
            "profile",
            vec!["a b".to_owned()],
            vec![
                ("a\u{202e}b".to_owned(), F::Hidden),
                ("x".repeat(1025), F::TooLong { limit: 1024 }),
            ],
        ),
        (
            T::AwsKms,
            "endpoint",
            vec!["https://kms.example".to_owned(), "http://127.0.0.1:4566".to_owned()],
            vec![
                ("http://kms.example".to_owned(), F::Unencrypted),
                ("https://u:p@kms.example".to_owned(), F::Credentials),
                ("kms.example".to_owned(), F::Url),
                ("file:///etc/passwd".to_owned(), F::Url),
            ],
        ),
        (
            T::GoogleCloudKms,
            "evidence",
            vec!["no".to_owned()],
            vec![("maybe".to_owned(), F::Choice { allowed: "yes, no".to_owned() })],
        ),
        (
            T::GoogleCloudKms,
            "key-version",
            vec![format!("{key}/cryptoKeyVersions/12")],
            vec![
                (key.to_owned(), F::NoVersion),
                (format!("{key}/cryptoKeyVersions/"), F::GoogleKey),
                (format!("{key}/cryptoKeyVersions/latest"), F::GoogleKey),
                (format!("/{key}/cryptoKeyVersions/1"), F::GoogleKey),
                (
                    "projects/p/locations/../keyRings/r/cryptoKeys/k/cryptoKeyVersions/1"
                        .to_owned(),
                    F::GoogleKey,
                ),
            ],
        ),
        (
            T::AzureKeyVault,
            "key-url",
            vec!["https://v.vault.azure.net/keys/k/0a".to_owned()],
            vec![
                ("https://v.vault.azure.net/keys/k".to_owned(), F::NoVersion),
                ("https://v.vault.azure.net/keys/k/".to_owned(), F::NoVersion),
                ("https://v.vault.azure.net/secrets/k/0a".to_owned(), F::AzureKey),
                ("https://v.vault.azure.net/keys/k/0a?x=y".to_owned(), F::AzureKey),
                ("http://v.vault.azure.net/keys/k/0a".to_owned(), F::Unencrypted),
            ],
        ),
        (T::VaultTransit, "key", vec!["a.b_c-1".to_owned()], vec![("a/b".to_owned(), F::Name)]),
        (
            T::VaultTransit,
            "key-version",
            vec!["1".to_owned(), "12".to_owned()],
            vec![
                ("0".to_owned(), F::Number { least: 1 }),
                ("+1".to_owned(), F::Number { least: 1 }),
                ("latest".to_owned(), F::Number { least: 1 }),
            ],
        ),
        (
            T::VaultTransit,
            "mount",
            vec!["team/transit".to_owned()],
            vec![("team//transit".to_owned(), F::Name), ("../sys".to_owned(), F::Name)],
        ),
        (
            T::HsmTool,
            "module",
            vec!["/usr/lib/a b.so".to_owned()],
            vec![("softhsm.so".to_owned(), F::Path), ("~/m.so".to_owned(), F::Path)],
        ),
        (
            T::HsmTool,
            "algorithm",
            vec!["ed25519".to_owned()],
            vec![(
                "hmac-sha256".to_owned(),
                Rule::OneOf(&[
                    "ed25519",
                    "ecdsa-p256-sha256",
                    "ecdsa-p384-sha384",
                    "rsa-pkcs1v15-sha256",
                    "rsa-pss-sha256",
                ])
                .check("x")
                .unwrap_err(),
            )],
        ),
        (
            T::HsmTool,
            "key-label",
            vec!["Ä 'quoted'".to_owned()],
            vec![("--pin".to_owned(), F::Dash), ("a\nb".to_owned(), F::Hidden)],
        ),
        (
            T::HsmTool,
            "python",
            vec!["/opt/venv/bin/python".to_owned()],
            vec![("python3".to_owned(), F::Path), ("-c".to_owned(), F::Dash)],
        ),
    ];
    for (id, field, good, bad) in cases {
        for value in good {
            assert_eq!(fault(id, field, &value), None, "{field}={value}");
        }
        for (value, wanted) in bad {
            assert_eq!(fault(id, field, &value), Some(wanted), "{field}={value}");
        }
    }
}

#[test]
fn what_is_missing_unknown_or_said_twice_is_named_all_at_once() {
    let mut given = right(TemplateId::HsmTool);
    given.remove("module");
    given.remove("key-label");
    given.insert("slot".to_owned(), "0".to_owned());
    given.insert("pin".to_owned(), "1234".to_owned());
    let error = Template::of(TemplateId::HsmTool).fill(&given).unwrap_err();
    let text = error.to_string();
    for part in [
        "pin is not one of its fields, which are module, token-label, slot",
        "module is missing",
        "key-label is missing, or key-object-id",
        "slot cannot be given together with token-label",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("1234"), "what is given may be a secret: {text}");
    let twice = [("slot", "0"), ("pin-file", "/a"), ("slot", "1")];
    let twice = twice.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let error = Template::of(TemplateId::HsmTool).by_name(twice).unwrap_err();
    assert!(error.to_string().ends_with("slot is given twice"), "{error}");
    // Space is no value, and is not part of one.
    let mut given = right(TemplateId::VaultTransit);
    given.insert("key".to_owned(), " signing\n".to_owned());
    assert_eq!(
        Template::of(TemplateId::VaultTransit).fill(&given).unwrap().value("key"),
        Some("signing")
    );
    given.insert("key".to_owned(), "  ".to_owned());
    let error = Template::of(TemplateId::VaultTransit).fill(&given).unwrap_err();
    assert_eq!(error.errors[0].fault, FieldFault::Missing);
}

#[test]
fn a_value_stays_one_word_whatever_a_shell_would_make_of_it() {
    let script = Path::new("/home/a b/signer-programs")
        .join(countersign_signers::external::shipped::file_name("hsm_tool", b"print()"));
    for hostile in ["a b", "a'b", "a\"b", "$(id)", "`id`", "a;b|c>d", "*", "~/x", "\\", "#x", "a=b"]
    {
        let mut given = right(TemplateId::HsmTool);
        given.insert("key-label".to_owned(), hostile.to_owned());
        let filled = Template::of(TemplateId::HsmTool).fill(&given).unwrap();
        let lines = filled.command_lines(&script);
        for (line, verb) in [(&lines.sign, "sign"), (&lines.public_key, "public-key")] {
            let words = shell_words::split(line).unwrap();
            let head = ["/usr/bin/python3", "-I", &script.to_string_lossy(), verb];
            assert_eq!(&words[..4], &head);
            let at = words.iter().position(|word| word == "--key-label").unwrap();
            assert_eq!(words[at + 1], hostile);
            assert_eq!(words.len(), 4 + 2 * 5);
        }
        assert_eq!(lines.evidence, None);
        // What it was made from is read from the line alone.
        let again = Filled::of(&lines.sign, false).unwrap();
        assert_eq!((again.template().id, again.values()), (TemplateId::HsmTool, filled.values()));
        assert_eq!(Filled::of(&lines.public_key, false).map(|one| one.values()), None);
        assert_eq!(
            Filled::of(&format!("{} --slot 1", lines.sign), false).map(|f| f.values()),
            None
        );
    }
}

#[test]
fn evidence_is_asked_for_unless_a_person_leaves_it_out() {
    let script = Path::new("/x/signer-programs")
        .join(countersign_signers::external::shipped::file_name("google_cloud_kms", b"print()"));
    let mut given = right(TemplateId::GoogleCloudKms);
    let lines =
        Template::of(TemplateId::GoogleCloudKms).fill(&given).unwrap().command_lines(&script);
    assert!(lines.evidence.unwrap().contains(" evidence --key-version projects/"));
    given.insert("evidence".to_owned(), "no".to_owned());
    let lines =
        Template::of(TemplateId::GoogleCloudKms).fill(&given).unwrap().command_lines(&script);
    assert_eq!(lines.evidence, None);
    assert_eq!(Filled::of(&lines.sign, false).unwrap().value("evidence"), Some("no"));
}

#[test]
fn no_variable_that_is_passed_on_by_itself_is_a_secret() {
    for template in &TEMPLATES {
        for name in template.environment {
            let words = ["SECRET", "TOKEN", "PASSWORD", "ACCESS_KEY", "PIN"];
            let is_file = name.ends_with("_FILE") || name.ends_with("_PATH");
            assert!(is_file || !words.iter().any(|word| name.contains(word)), "{name}");
        }
    }
}
