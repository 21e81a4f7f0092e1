//! People's own Python components, in processes beside the server.
//!
//! Code from flows never runs in the server. A node with own or edited code becomes a component of the engine
//! whose outputs are computed by a *worker*: a Python interpreter in a process of its own, confined by
//! `launch`, that talks frames of JSON over its standard streams.
//!
//! * [`Supervisor`]: the pool: starts workers ahead, gives each to one tenant, ends them when they overstay,
//!   misbehave, or their caller goes away.
//! * `protocol`: the frames.
//! * `side`: the thread that reads and answers them, behind the threads that serve requests. `pace`: how much of it
//!   a worker may use. `backoff`: whose calls keep failing waits.
//! * [`CustomComponents`]: what the catalogue asks: components of nodes, descriptions of sources, changes of
//!   fields.
//! * `launch`: the child's side of the sandbox, run as the hidden command `langflow worker-launch`.
//! * `python/`: what runs inside. It offers the names people import (`lfx`, `langflow`) where the real package
//!   is not installed, and drives the real one where it is.
//!
//! What a worker sends is untrusted: a frame that is too large or makes no sense ends it.

mod adapter;
mod backoff;
mod config;
mod frames;
mod interpreter;
#[cfg(target_os = "linux")]
pub mod launch;
mod pace;
mod process;
mod protocol;
mod python;
mod side;
mod supervisor;

pub use adapter::CustomComponents;
pub use config::{Pooling, WorkerConfig};
pub use interpreter::entries;
pub use supervisor::{Lease, Supervisor};

/// Name of the hidden command that confines itself and becomes Python.
pub const LAUNCH_COMMAND: &str = "worker-launch";
