//! The flow document as the editor saves it.
