//! The YubiKey of a demonstration: a program that simulates one, with commands on its standard
//! input to insert it, remove it or touch it. No part of it is in this program.

use countersign_problem::{Explain as _, Problem, Words, words};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;

use parking_lot::Mutex;

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::refusal::Refusal;

/// The PIN that it has when it is new.
const PIN: &str = "123456";

/// The virtual YubiKey, as it is shown.
#[derive(Debug, Clone, Serialize, Type)]
pub struct DemoKeyView {
    /// Whether it is plugged in.
    pub inserted: bool,
    /// Whether it waits to be touched.
    pub blinking: bool,
    /// Its PIN when it is new.
    pub pin: String,
    /// Why there is none.
    pub problem: Option<Problem>,
}

/// What a hand does with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Act {
    /// Plugs it in.
    Insert,
    /// Pulls it out.
    Pull,
    /// Touches it.
    Touch,
}

/// Messages from the program, one per line.
#[derive(Debug, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
enum Event {
    Inserted,
    Pulled,
    Blinking,
    Touched,
    TouchTimeout,
    Problem {
        message: String,
    },
    #[serde(other)]
    Other,
}

/// The program that plays it; it ends with this.
pub struct DemoKey {
    view: Arc<Mutex<DemoKeyView>>,
    program: Mutex<Option<(Child, ChildStdin)>>,
}

impl DemoKey {
    /// Starts the program. The listener is notified of every change.
    pub fn start(program: &Path, listener: impl Fn() + Send + 'static) -> Self {
        let view = Arc::new(Mutex::new(DemoKeyView {
            inserted: false,
            blinking: false,
            pin: PIN.to_owned(),
            problem: None,
        }));
        let started = Command::new(program)
            .args(std::env::var_os("PCSCLITE_CSOCK_NAME").into_iter().flat_map(|socket| {
                // Its own smart card service, at the place where this program looks for one.
                [std::ffi::OsString::from("--own-pcscd"), socket]
            }))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn();
        let held = match started {
            Ok(mut child) => match (child.stdin.take(), child.stdout.take()) {
                (Some(input), Some(output)) => {
                    let followed = Arc::clone(&view);
                    std::thread::spawn(move || follow(output, &followed, &listener));
                    Some((child, input))
                }
                _ => None,
            },
            Err(error) => {
                view.lock().problem = Some(problem(words!("demo-key-not-started", %error)));
                None
            }
        };
        Self { view, program: Mutex::new(held) }
    }

    /// As it is shown.
    pub fn view(&self) -> DemoKeyView {
        self.view.lock().clone()
    }

    /// Sends it a command; the listener is notified of the result.
    ///
    /// # Errors
    /// Fails if the program has ended.
    pub fn ask(&self, act: Act) -> Result<(), Problem> {
        let word: &str = act.into();
        let mut program = self.program.lock();
        let asked = program
            .as_mut()
            .map(|(_, input)| writeln!(input, "{word}").and_then(|()| input.flush()));
        match asked {
            Some(Ok(())) => Ok(()),
            _ => Err(self.view.lock().problem.clone().unwrap_or_else(ended)),
        }
    }
}

impl Drop for DemoKey {
    fn drop(&mut self) {
        if let Some((mut child, input)) = self.program.lock().take() {
            // It ends when its input is closed.
            drop(input);
            let _ = child.wait();
        }
    }
}

fn follow(output: ChildStdout, view: &Mutex<DemoKeyView>, listener: &dyn Fn()) {
    for line in BufReader::new(output).lines().map_while(Result::ok) {
        let Ok(event) = serde_json::from_str::<Event>(&line) else { continue };
        {
            let mut view = view.lock();
            match event {
                Event::Inserted => {
                    view.inserted = true;
                    view.problem = None;
                }
                Event::Pulled => (view.inserted, view.blinking) = (false, false),
                Event::Blinking => view.blinking = true,
                Event::Touched | Event::TouchTimeout => view.blinking = false,
                Event::Problem { message } => view.problem = Some(problem(Words::text(message))),
                Event::Other => {}
            }
        }
        listener();
    }
    {
        let mut view = view.lock();
        (view.inserted, view.blinking) = (false, false);
        view.problem.get_or_insert_with(ended);
    }
    listener();
}

fn problem(why: Words) -> Problem {
    Refusal::NoVirtualYubikey { why }.problem()
}

fn ended() -> Problem {
    problem(words!("demo-key-ended"))
}
