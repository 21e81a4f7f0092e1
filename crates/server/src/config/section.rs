//! The declaration of a section of settings: one place for type, name, default and documentation.

/// A setting as the reference page and the example file show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Described {
    /// Name of the environment variable.
    pub name: &'static str,
    /// Full sentences for whoever runs the server.
    pub docs: Vec<&'static str>,
    pub kind: &'static str,
    /// The default as one would write it; empty where there is none.
    pub default: String,
    pub is_secret: bool,
}

/// A group of settings that belong together.
pub trait Section {
    /// The heading: the first line of the section's documentation.
    fn about() -> Vec<&'static str>;
    /// Every setting, in the order of declaration.
    fn describe() -> Vec<Described>;
    /// Reads all of them, noting problems in the reader.
    fn read(reader: &mut super::Reader<'_>) -> Self;
}

/// Declares a section: `field: Type = "VARIABLE", default;`, the doc comment being the manual.
macro_rules! section {
    (
        $(#[doc = $about:literal])*
        pub struct $name:ident {
            $(
                $(#[doc = $doc:literal])*
                $field:ident: $ty:ty = $variable:literal, $default:expr;
            )*
        }
    ) => {
        $(#[doc = $about])*
        #[derive(Clone, Debug)]
        pub struct $name {
            $(
                $(#[doc = $doc])*
                #[doc = concat!(" Variable: `", $variable, "`.")]
                pub $field: $ty,
            )*
        }

        impl Default for $name {
            fn default() -> Self {
                Self { $($field: $default,)* }
            }
        }

        impl $crate::config::section::Section for $name {
            fn about() -> Vec<&'static str> {
                vec![$($about.trim(),)*]
            }

            fn describe() -> Vec<$crate::config::section::Described> {
                use $crate::config::value::Setting;
                vec![$(
                    $crate::config::section::Described {
                        name: $variable,
                        docs: vec![$($doc.trim(),)*],
                        kind: <$ty as Setting>::KIND,
                        default: { let default: $ty = $default; Setting::show(&default) },
                        is_secret: <$ty as Setting>::SECRET,
                    },
                )*]
            }

            fn read(reader: &mut $crate::config::Reader<'_>) -> Self {
                Self { $($field: reader.read($variable, $default),)* }
            }
        }
    };
}

pub(crate) use section;
