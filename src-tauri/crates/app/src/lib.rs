//! What a person can do at a station.
//!
//! | question | module |
//! |---|---|
//! | How is a run registered? | [`registration`] |
//! | How is a log accepted as it is? | [`log_acceptance`] |
//! | How is somebody else's directory looked at without touching it? | [`review`] |
//! | What does a person set? | [`settings`], [`settings_file`] |
//! | What did a merge or an import bring? | [`merge_view`], [`import_view`] |
//! | Who could read the station's own files? | [`private_files`] |

pub mod import_view;
pub mod log_acceptance;
pub mod merge_view;
pub mod private_files;
pub mod registration;
pub mod review;
pub mod settings;
pub mod settings_file;
