//! How much a component may make of what it is given.
//!
//! Cutting with an overlap, joining tables on a key and running a loop can make gigabytes of kilobytes. Components that
//! multiply count what they make, and end with an error in time.

use langflow_core::{Fault, FaultKind};

/// Most bytes of what one component makes. Unit tests go up to the bound, and have less memory to do so.
const MAX_BYTES: usize = if cfg!(test) { 16 << 20 } else { 256 << 20 };

/// Counts what has been made.
#[derive(Debug, Default)]
pub struct Made {
    bytes: usize,
}

impl Made {
    /// Counts something of that size.
    ///
    /// # Errors
    /// All of it together is too much.
    pub fn add(&mut self, bytes: usize) -> Result<(), Fault> {
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes <= MAX_BYTES {
            return Ok(());
        }
        let why = format!("the result would be larger than {} MiB", MAX_BYTES >> 20);
        Err(Fault::new(FaultKind::Budget, why))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_up_to_the_bound_and_never_over_the_end() {
        let mut made = Made::default();
        assert!(made.add(MAX_BYTES).is_ok());
        assert!(made.add(0).is_ok());
        assert!(made.add(1).is_err());
        assert!(made.add(usize::MAX).is_err());
    }
}
