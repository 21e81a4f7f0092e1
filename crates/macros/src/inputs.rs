//! `#[derive(Component)]` and `#[derive(Inputs)]`.

use crate::doc;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Data, DeriveInput, Error, Expr, Field, Fields, Ident, LitStr, Result};

pub fn derive(input: DeriveInput) -> Result<TokenStream> {
    let name = &input.ident;
    let mut paragraphs = doc::paragraphs(&input.attrs).into_iter();
    let Some(description) = paragraphs.next() else {
        return Err(Error::new_spanned(name, "say in a doc comment what the component does"));
    };
    let details = paragraphs.collect::<Vec<_>>().join("\n\n");
    let header = header(&input, name)?;
    let declared = Declared::read(&input, "component")?;
    let Declared { pushes, reads, rest, .. } = &declared;
    let takes_rest = rest.is_some();
    let fill_rest = rest.as_ref().map(|ident| quote! { #ident: params, });
    let made = declared.made(fill_rest.as_ref());
    Ok(quote! {
        impl ::langflow_core::component::Component for #name {
            #[allow(unused_mut, clippy::vec_init_then_push)]
            fn declare() -> ::langflow_core::component::ComponentSpec {
                let mut spec = ::langflow_core::component::ComponentSpec {
                    description: #description,
                    details: #details,
                    takes_rest: #takes_rest,
                    ..Default::default()
                };
                #header
                let mut inputs = Vec::new();
                #(#pushes)*
                spec.inputs = inputs;
                spec
            }

            #[allow(unused_mut, unused_variables)]
            fn parse(
                mut params: ::langflow_core::component::Params,
                spec: &::langflow_core::component::ComponentSpec,
            ) -> Result<Self, Vec<::langflow_core::Fault>> {
                let mut faults: Vec<::langflow_core::Fault> = Vec::new();
                let rest = spec.inputs.as_slice();
                #(#reads)*
                match #made {
                    Some(made) if faults.is_empty() => Ok(made),
                    _ => Err(faults),
                }
            }
        }
    })
}

pub fn derive_group(input: DeriveInput) -> Result<TokenStream> {
    let name = &input.ident;
    let declared = Declared::read(&input, "group of inputs")?;
    if let Some(rest) = &declared.rest {
        return Err(Error::new_spanned(rest, "a component takes the rest, not a group of its inputs"));
    }
    let Declared { pushes, reads, counts, .. } = &declared;
    let made = declared.made(None);
    Ok(quote! {
        impl ::langflow_core::component::Inputs for #name {
            const COUNT: usize = 0 #(+ #counts)*;

            #[allow(clippy::vec_init_then_push)]
            fn declare_inputs() -> Vec<::langflow_core::component::InputSpec> {
                let mut inputs = Vec::new();
                #(#pushes)*
                inputs
            }

            #[allow(unused_mut, unused_variables, unused_assignments)]
            fn read_inputs(
                mut params: &mut ::langflow_core::component::Params,
                rest: &[::langflow_core::component::InputSpec],
                mut faults: &mut Vec<::langflow_core::Fault>,
            ) -> Option<Self> {
                #(#reads)*
                #made
            }
        }
    })
}

/// The fields of a struct as inputs.
struct Declared {
    /// Each adds to `inputs`.
    pushes: Vec<TokenStream>,
    /// Each takes from `rest` what it declared, and reads it.
    reads: Vec<TokenStream>,
    /// How many inputs each declares.
    counts: Vec<TokenStream>,
    names: Vec<Ident>,
    slots: Vec<Ident>,
    /// The field for undeclared parameters.
    rest: Option<Ident>,
    is_unit: bool,
}

impl Declared {
    fn read(input: &DeriveInput, what: &str) -> Result<Self> {
        let name = &input.ident;
        let Data::Struct(data) = &input.data else {
            return Err(Error::new_spanned(name, format!("a {what} is a struct")));
        };
        let fields: Vec<&Field> = match &data.fields {
            Fields::Named(named) => named.named.iter().collect(),
            Fields::Unit => Vec::new(),
            Fields::Unnamed(_) => return Err(Error::new_spanned(name, "name the fields")),
        };
        let mut declared = Self {
            pushes: Vec::new(),
            reads: Vec::new(),
            counts: Vec::new(),
            names: Vec::new(),
            slots: Vec::new(),
            rest: None,
            is_unit: matches!(data.fields, Fields::Unit),
        };
        for field in fields {
            declared.add(field)?;
        }
        Ok(declared)
    }

    fn add(&mut self, field: &Field) -> Result<()> {
        let ident = field.ident.as_ref().expect("named");
        let options = Options::read(field)?;
        if options.rest {
            self.rest = Some(ident.clone());
            return Ok(());
        }
        let ty = &field.ty;
        let slot = format_ident!("read_{}", self.names.len());
        if options.group {
            self.pushes.push(quote! {
                inputs.extend(<#ty as ::langflow_core::component::Inputs>::declare_inputs());
            });
            self.reads.push(quote! {
                let (own, rest) = rest
                    .split_at_checked(<#ty as ::langflow_core::component::Inputs>::COUNT)
                    .unwrap_or_default();
                let #slot = <#ty as ::langflow_core::component::Inputs>::read_inputs(&mut params, own, &mut faults);
            });
            self.counts.push(quote! { <#ty as ::langflow_core::component::Inputs>::COUNT });
        } else {
            let texts = doc::paragraphs(&field.attrs);
            if texts.is_empty() {
                return Err(Error::new_spanned(field, "say in a doc comment what the input means"));
            }
            let info = texts.join("\n\n");
            let wire_name = options.name.clone().unwrap_or_else(|| {
                let text = ident.to_string();
                text.strip_prefix("r#").unwrap_or(&text).to_owned()
            });
            let settings = &options.settings;
            self.pushes.push(quote! {
                inputs.push({
                    let mut input = ::langflow_core::component::InputSpec::new(#wire_name);
                    input.info = #info;
                    <#ty as ::langflow_core::component::FromInput>::describe(&mut input);
                    #(#settings)*
                    input
                });
            });
            self.reads.push(quote! {
                let (own, rest) = rest.split_at_checked(1).unwrap_or_default();
                let #slot = own.first().and_then(|input| params.read::<#ty>(input, &mut faults));
            });
            self.counts.push(quote! { 1 });
        }
        self.names.push(ident.clone());
        self.slots.push(slot);
        Ok(())
    }

    /// `Some` of the struct, if every field was read.
    fn made(&self, rest: Option<&TokenStream>) -> TokenStream {
        let Self { names, slots, .. } = self;
        if self.is_unit {
            quote! { Some(Self) }
        } else if slots.is_empty() {
            quote! { Some(Self { #rest }) }
        } else {
            quote! {
                match (#(#slots,)*) {
                    (#(Some(#slots),)*) => Some(Self { #(#names: #slots,)* #rest }),
                    _ => None,
                }
            }
        }
    }
}

/// `#[component(…)]`: each key sets a field of the spec; a bare key is a flag.
fn header(input: &DeriveInput, name: &syn::Ident) -> Result<TokenStream> {
    let class = name.to_string();
    let mut out = quote! { spec.class = #class; };
    let mut has_id = false;
    for attr in input.attrs.iter().filter(|a| a.path().is_ident("component")) {
        attr.parse_nested_meta(|meta| {
            let key = meta.path.require_ident()?.clone();
            has_id |= key == "id";
            let known = [
                "id",
                "aliases",
                "class",
                "module",
                "title",
                "documentation",
                "icon",
                "category",
                "legacy",
                "beta",
                "minimized",
                "replacement",
                "examples",
            ];
            if !known.iter().any(|k| key == k) {
                return Err(meta.error(format!("unknown key; known are {}", known.join(", "))));
            }
            if meta.input.peek(syn::Token![=]) {
                let value: Expr = meta.value()?.parse()?;
                let value = match value {
                    Expr::Array(list) => quote! { &#list },
                    other => quote! { #other },
                };
                out.extend(quote! { spec.#key = #value; });
            } else {
                out.extend(quote! { spec.#key = true; });
            }
            Ok(())
        })?;
    }
    if has_id { Ok(out) } else { Err(Error::new_spanned(name, "add #[component(id = \"…\", …)]")) }
}

#[derive(Default)]
struct Options {
    name: Option<String>,
    rest: bool,
    group: bool,
    settings: Vec<TokenStream>,
}

impl Options {
    fn read(field: &Field) -> Result<Self> {
        let mut options = Self::default();
        for attr in field.attrs.iter().filter(|a| a.path().is_ident("input")) {
            attr.parse_nested_meta(|meta| {
                let key = meta.path.require_ident()?.clone();
                let has_value = meta.input.peek(syn::Token![=]);
                match key.to_string().as_str() {
                    "rest" => options.rest = true,
                    "group" => options.group = true,
                    "name" => options.name = Some(meta.value()?.parse::<LitStr>()?.value()),
                    "required" | "advanced" | "list" | "load_from_db" | "tool_mode" | "real_time_refresh"
                    | "refresh_button" | "dynamic" | "combobox"
                        if !has_value =>
                    {
                        options.settings.push(quote! { input.#key = true; });
                    }
                    "hidden" => options.settings.push(quote! { input.show = false; }),
                    "title" | "placeholder" | "list" | "load_from_db" => {
                        let value: Expr = meta.value()?.parse()?;
                        options.settings.push(quote! { input.#key = #value; });
                    }
                    "kind" => {
                        let kind: syn::Ident = meta.value()?.parse()?;
                        options.settings.push(quote! {
                            input.kind = ::langflow_core::component::InputKind::#kind;
                        });
                    }
                    "default" => {
                        let value: Expr = meta.value()?.parse()?;
                        options.settings.push(quote! {
                            input.value = ::langflow_core::component::ToDefault::to_default(#value);
                        });
                    }
                    "handles" => {
                        let value: Expr = meta.value()?.parse()?;
                        options.settings.push(quote! { input.handles = Some(#value.to_vec()); });
                    }
                    "options" => {
                        let value: Expr = meta.value()?.parse()?;
                        options.settings.push(quote! {
                            input.options = #value.iter().map(|o| o.to_string()).collect();
                        });
                    }
                    "file_types" => {
                        let value: Expr = meta.value()?.parse()?;
                        options.settings.push(quote! { input.file_types = #value.to_vec(); });
                    }
                    "range" => {
                        let value: Expr = meta.value()?.parse()?;
                        options.settings.push(quote! {{
                            let (min, max, step) = #value;
                            input.range = Some(::langflow_core::component::Range { min, max, step });
                        }});
                    }
                    "extra" => {
                        let value: Expr = meta.value()?.parse()?;
                        options.settings.push(quote! { input.merge_extra(#value); });
                    }
                    _ => return Err(meta.error("unknown key of an input")),
                }
                Ok(())
            })?;
        }
        Ok(options)
    }
}
