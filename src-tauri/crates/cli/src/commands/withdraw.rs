//! `countersign withdraw`: say with a key that one's signatures on a run no longer count, and why.

use countersign_ceremony::signing::Intent;

use crate::commands::refuse::RefuseArgs;
use crate::commands::sign;
use crate::stopped::Stopped;

const WITHDRAW_HELP: &str = "\
The signatures stay in their files, and no longer count, here and wherever the withdrawal is merged. It \
is a refusal that names them: see `countersign refuse`. Any key of yours that the keyring accepts can \
withdraw what another key of yours signed. To sign again lifts the withdrawal.";

/// Withdraw your signatures on a sealed run, with a reason
#[derive(Debug, clap::Args)]
#[command(after_help = WITHDRAW_HELP)]
pub struct WithdrawArgs {
    #[command(flatten)]
    refusal: RefuseArgs,
}

pub fn run(args: WithdrawArgs) -> Result<bool, Stopped> {
    let intent = Intent::Withdraw { reason: args.refusal.reason.clone() };
    sign::act(&args.refusal.into_sign_args(), &intent)
}
