/** One level of the ladder, as the help explains it. */
interface LevelInWords {
  name: string;
  /** One line: what holds at this level. */
  means: string;
}

/** The levels from L0 to L7. */
export const LADDER: readonly LevelInWords[] = [
  {
    name: "Complete and unchanged",
    means: "Every required field is present, and the content hash matches the content.",
  },
  {
    name: "Reproducible",
    means: "The commit hash can be computed again from the recorded inputs.",
  },
  {
    name: "Signed",
    means: "The run and its manifest each have a valid signature by an accepted key.",
  },
  {
    name: "Registered",
    means: "The run is in the transparency log, and the whole chain of the log holds.",
  },
  {
    name: "Co-signed",
    means: "Enough different people have signed, including an operator and a witness.",
  },
  {
    name: "Inputs committed",
    means: "The Merkle roots over inputs, prompts, schemas and policies hold.",
  },
  {
    name: "Hardware key",
    means: "A valid signature was made by a hardware key or an external signer.",
  },
  {
    name: "Authorised",
    means: "The authority to decide is in the ledger and was in force when the run was made.",
  },
];
