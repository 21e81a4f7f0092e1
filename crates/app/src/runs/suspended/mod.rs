//! Runs that wait for a human (contract-flows 10.4).
//!
//! What a run is continued from stands in a row beside that of the run, written in one transaction with it and before
//! anybody is told: it survives the server. It holds graphs, results and values of variables, and is encrypted.

mod card;
mod close;
mod resume;
mod stored;
mod suspend;

pub(super) use close::end;
pub use close::give_up_suspended;
pub(super) use resume::GoesOn;
pub use resume::{Resumed, resume_workflow};
pub(super) use stored::Setup;
pub(super) use suspend::{Pause, suspend};
