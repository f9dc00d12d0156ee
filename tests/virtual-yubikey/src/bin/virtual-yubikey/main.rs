//! A virtual YubiKey to be plugged in and pulled out by commands on standard input: `insert`, `pull`,
//! `touch` and `quit`. What happens is told as one line of JSON each on standard output.

mod arguments;

use std::io::BufRead as _;
use std::process::ExitCode;
use std::sync::mpsc;

use clap::Parser as _;
use serde_json::{Value, json};
use virtual_yubikey::{Card, Event, Pcscd, Plug, test_intermediates_pem, test_roots_pem};

use arguments::{CardArguments, Cli, Print};

/// What the program waits for.
enum Input {
    Line(String),
    End,
    Card(Event),
}

/// The card, in the reader or out of it.
enum Place {
    Out(Box<Card>),
    In(Plug),
    /// It could not be made.
    Nowhere,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let printed = match cli.print {
        Some(Print::Roots) => test_roots_pem(),
        Some(Print::Intermediates) => test_intermediates_pem(),
        None => {
            play(cli.card);
            return ExitCode::SUCCESS;
        }
    };
    match printed {
        Ok(pem) => {
            print!("{pem}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn play(arguments: CardArguments) {
    let (mut port, insert) = (arguments.port, arguments.insert);
    // It ends with this program.
    let own_pcscd = (arguments.own_pcscd.as_ref())
        .map(|socket| Pcscd::start_at(&arguments.reader, socket.as_deref()));
    match &own_pcscd {
        Some(Ok(pcscd)) => {
            port = pcscd.port(0);
            print_line(&json!({ "event": "pcscd", "socket": pcscd.socket() }));
        }
        Some(Err(error)) => problem(&error.to_string()),
        None => {}
    }
    let (inputs, input) = mpsc::channel();
    let (events, event) = mpsc::channel();
    let lines = inputs.clone();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if lines.send(Input::Line(line)).is_err() {
                return;
            }
        }
        // The other end may be gone already.
        let _ = lines.send(Input::End);
    });
    std::thread::spawn(move || {
        for event in event {
            if inputs.send(Input::Card(event)).is_err() {
                return;
            }
        }
    });

    let mut place = Place::Out(Box::new(Card::new(arguments.options()).report(events)));
    if insert {
        place = place.insert(port);
    }
    for input in input {
        place = match input {
            Input::End => return,
            Input::Line(line) => match line.trim() {
                "insert" => place.insert(port),
                "pull" => place.pull(),
                "touch" => place.touch(),
                "quit" => return,
                "" => place,
                word => {
                    problem(&format!("{word} is no command; say insert, pull, touch or quit"));
                    place
                }
            },
            Input::Card(event) => place.tell(event),
        }
    }
}

impl Place {
    fn insert(self, port: u16) -> Self {
        match self {
            Self::Out(card) => match card.try_plug(port) {
                Ok(plug) => {
                    say("inserted");
                    Self::In(plug)
                }
                Err((error, card)) => {
                    problem(&error.to_string());
                    card.map_or(Self::Nowhere, |card| Self::Out(Box::new(card)))
                }
            },
            place => place,
        }
    }

    fn pull(self) -> Self {
        match self {
            Self::In(plug) => {
                let card = plug.pull();
                say("pulled");
                Self::Out(Box::new(card))
            }
            place => place,
        }
    }

    fn touch(self) -> Self {
        match &self {
            // A touch while it does not blink means nothing, as on the real one.
            Self::In(plug) => {
                plug.touch();
            }
            Self::Out(_) | Self::Nowhere => problem("the card is not plugged in; say insert first"),
        }
        self
    }

    fn tell(self, event: Event) -> Self {
        match (event, self) {
            (Event::Blinking, place) => {
                say("blinking");
                place
            }
            (Event::Touched, place) => {
                say("touched");
                place
            }
            (Event::TouchTimeout, place) => {
                say("touch_timeout");
                place
            }
            // It went by itself; after `pull` it is out already.
            (Event::Gone, Self::In(plug)) if !plug.is_connected() => {
                problem(
                    "the card came out of the reader by itself; see that pcscd runs, and say insert again",
                );
                Self::In(plug).pull()
            }
            (Event::Gone, place) => place,
        }
    }
}

fn say(event: &str) {
    print_line(&json!({ "event": event }));
}

fn problem(message: &str) {
    print_line(&json!({ "event": "problem", "message": message }));
}

fn print_line(value: &Value) {
    use std::io::Write as _;
    let mut output = std::io::stdout().lock();
    // Whoever started this may have gone, and the end of standard input will tell.
    let _ = writeln!(output, "{value}").and_then(|()| output.flush());
}
