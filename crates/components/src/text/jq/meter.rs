//! What one program may use: steps, memory, time, stack.
//!
//! A jq program of a few characters can fill any memory and never end (`[repeat(.)]`, a text that is doubled
//! forty times, a value that contains itself twice forty times). Every value a program makes passes here; what
//! would go over a bound unwinds to [`metered`], from wherever the interpreter stands.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::time::{Duration, Instant};

/// Values made and looked at, about one for each step of a program.
pub const MAX_STEPS: u64 = 50_000_000;
/// Memory of all values that are alive at one time.
pub const MAX_BYTES: usize = 128 << 20;
/// Time from start to end. Tests do not wait as long.
pub const MAX_TIME: Duration = Duration::from_secs(if cfg!(test) { 2 } else { 10 });
/// Stack of a program that calls itself. The threads that run programs have a third more
/// ([`crate::heavy::STACK_BYTES`]).
pub const MAX_STACK: usize = crate::heavy::STACK_BYTES / 4 * 3;
/// Longest text. Functions of the library may make one six times as long before it is counted.
pub const MAX_TEXT: usize = 16 << 20;
/// Lists and objects inside of each other.
pub const MAX_DEPTH: u32 = 256;

/// A bound that a program went over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exceeded {
    Steps,
    Memory,
    Time,
    Depth,
    Text,
}

impl Exceeded {
    pub fn sentence(self) -> String {
        match self {
            Self::Steps => format!("the program takes more than {MAX_STEPS} steps"),
            Self::Memory => format!("the program needs more than {} MB of memory", MAX_BYTES >> 20),
            Self::Time => format!("the program takes longer than {} s", MAX_TIME.as_secs()),
            Self::Depth => "the program nests values or calls too deeply".to_owned(),
            Self::Text => format!("the program makes a text of more than {} MB", MAX_TEXT >> 20),
        }
    }
}

#[derive(Default)]
struct Meter {
    steps: Cell<u64>,
    bytes: Cell<usize>,
    ends: Cell<Option<Instant>>,
    /// Address on the stack where the program began.
    stack: Cell<usize>,
}

thread_local! {
    static METER: Meter = Meter::default();
}

/// How often the clock is read, in steps.
const CLOCK_STEPS: u64 = 1024;

/// Runs `work` under the bounds. `None` says that the interpreter itself broke.
pub fn metered<T>(work: impl FnOnce() -> T) -> Result<T, Option<Exceeded>> {
    METER.with(|meter| {
        meter.steps.set(0);
        meter.bytes.set(0);
        meter.ends.set(Instant::now().checked_add(MAX_TIME));
        meter.stack.set(address());
    });
    catch_unwind(AssertUnwindSafe(work))
        .map_err(|thrown: Box<dyn Any + Send>| thrown.downcast_ref::<Exceeded>().copied())
}

/// Leaves the program.
pub fn exceed(bound: Exceeded) -> ! {
    resume_unwind(Box::new(bound))
}

/// About where the stack ends now.
fn address() -> usize {
    let here = 0_u8;
    std::ptr::from_ref(&here).addr()
}

/// Counts work.
pub fn step(steps: usize) {
    METER.with(|meter| {
        let before = meter.steps.get();
        let now = before.saturating_add(steps as u64);
        meter.steps.set(now);
        if now > MAX_STEPS {
            exceed(Exceeded::Steps);
        }
        if meter.stack.get().abs_diff(address()) > MAX_STACK {
            exceed(Exceeded::Depth);
        }
        if now / CLOCK_STEPS != before / CLOCK_STEPS
            && meter.ends.get().is_some_and(|end| Instant::now() > end)
        {
            exceed(Exceeded::Time);
        }
    });
}

/// Counts memory that comes to life.
pub fn take(bytes: usize) {
    METER.with(|meter| {
        let now = meter.bytes.get().saturating_add(bytes);
        if now > MAX_BYTES {
            exceed(Exceeded::Memory);
        }
        meter.bytes.set(now);
    });
}

/// Counts memory that is free again.
pub fn give(bytes: usize) {
    METER.with(|meter| meter.bytes.set(meter.bytes.get().saturating_sub(bytes)));
}

/// Refuses memory that is not there, before it is used.
pub fn reserve(bytes: usize) {
    take(bytes);
    give(bytes);
}
