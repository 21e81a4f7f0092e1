//! Closed sets of options.

/// An enum that is a drop-down. Made by [`choice!`](crate::component::choice).
pub trait Choice: Sized + Copy + 'static {
    /// The options as the user sees them, in order.
    const OPTIONS: &'static [&'static str];
    /// The option's text.
    fn as_str(self) -> &'static str;
    /// From the option's text.
    fn from_text(text: &str) -> Option<Self>;
}

/// Declares an enum whose variants are the options of a drop-down:
///
/// ```
/// use langflow_core::component::{Choice, choice};
/// choice! {
///     /// What to do with the separator.
///     pub enum KeepSeparator { Drop = "False", Keep = "True", Start = "Start", End = "End" }
/// }
/// assert_eq!(KeepSeparator::from_text("End"), Some(KeepSeparator::End));
/// ```
#[macro_export]
macro_rules! __choice {
    ($(#[$meta:meta])* $vis:vis enum $name:ident {
        $($(#[$vmeta:meta])* $variant:ident = $text:literal $(| $alias:literal)*),+ $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        $vis enum $name { $($(#[$vmeta])* $variant),+ }

        impl $crate::component::Choice for $name {
            const OPTIONS: &'static [&'static str] = &[$($text),+];
            fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
            fn from_text(text: &str) -> Option<Self> {
                match text { $($text $(| $alias)* => Some(Self::$variant),)+ _ => None }
            }
        }

        impl $crate::component::ToDefault for $name {
            fn to_default(self) -> $crate::Json {
                $crate::Json::String($crate::component::Choice::as_str(self).to_owned())
            }
        }

        impl $crate::component::FromInput for $name {
            fn describe(input: &mut $crate::component::InputSpec) {
                input.kind = $crate::component::InputKind::Dropdown;
                input.options =
                    <Self as $crate::component::Choice>::OPTIONS.iter().map(|o| (*o).to_owned()).collect();
            }
            fn from_input(
                value: Option<$crate::Value>,
                input: &$crate::component::InputSpec,
            ) -> Result<Self, String> {
                let text = <String as $crate::component::FromInput>::from_input(value, input)?;
                let text = if text.is_empty() {
                    input.value.as_str().unwrap_or_default().to_owned()
                } else {
                    text
                };
                <Self as $crate::component::Choice>::from_text(&text).ok_or_else(|| {
                    format!(
                        "'{text}' is not one of: {}",
                        <Self as $crate::component::Choice>::OPTIONS.join(", ")
                    )
                })
            }
        }
    };
}

pub use crate::__choice as choice;
