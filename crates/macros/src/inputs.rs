//! `#[derive(Component)]`.

use crate::doc;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Data, DeriveInput, Error, Expr, Field, Fields, LitStr, Result};

pub fn derive(input: DeriveInput) -> Result<TokenStream> {
    let name = &input.ident;
    let Data::Struct(data) = &input.data else {
        return Err(Error::new_spanned(name, "a component is a struct"));
    };
    let fields: Vec<&Field> = match &data.fields {
        Fields::Named(named) => named.named.iter().collect(),
        Fields::Unit => Vec::new(),
        Fields::Unnamed(_) => return Err(Error::new_spanned(name, "name the fields")),
    };
    let mut paragraphs = doc::paragraphs(&input.attrs).into_iter();
    let Some(description) = paragraphs.next() else {
        return Err(Error::new_spanned(name, "say in a doc comment what the component does"));
    };
    let details = paragraphs.collect::<Vec<_>>().join("\n\n");
    let header = header(&input, name)?;

    let mut declared = Vec::new();
    let mut reads = Vec::new();
    let mut fills = Vec::new();
    let mut rest = None;
    for field in fields {
        let ident = field.ident.as_ref().expect("named");
        let options = Options::read(field)?;
        if options.rest {
            rest = Some(ident.clone());
            continue;
        }
        let texts = doc::paragraphs(&field.attrs);
        if texts.is_empty() {
            return Err(Error::new_spanned(field, "say in a doc comment what the input means"));
        }
        let info = texts.join("\n\n");
        let ty = &field.ty;
        let wire_name = options.name.clone().unwrap_or_else(|| {
            let text = ident.to_string();
            text.strip_prefix("r#").unwrap_or(&text).to_owned()
        });
        let settings = &options.settings;
        let index = declared.len();
        declared.push(quote! {{
            let mut input = ::langflow_core::component::InputSpec::new(#wire_name);
            input.info = #info;
            <#ty as ::langflow_core::component::FromInput>::describe(&mut input);
            #(#settings)*
            input
        }});
        let slot = format_ident!("read_{}", index);
        reads.push(quote! {
            let #slot = spec.inputs.get(#index).and_then(|input| params.read::<#ty>(input, &mut faults));
        });
        fills.push((ident.clone(), slot));
    }
    let takes_rest = rest.is_some();
    let field_names: Vec<_> = fills.iter().map(|(ident, _)| ident).collect();
    let slots: Vec<_> = fills.iter().map(|(_, slot)| slot).collect();
    let fill_rest = rest.map(|ident| quote! { #ident: params, });
    let build = if matches!(data.fields, Fields::Unit) {
        quote! { Ok(Self) }
    } else if slots.is_empty() {
        quote! { if faults.is_empty() { Ok(Self { #fill_rest }) } else { Err(faults) } }
    } else {
        quote! {
            match (faults.is_empty(), #(#slots),*) {
                (true, #(Some(#slots)),*) => Ok(Self { #(#field_names: #slots,)* #fill_rest }),
                _ => Err(faults),
            }
        }
    };
    Ok(quote! {
        impl ::langflow_core::component::Component for #name {
            fn declare() -> ::langflow_core::component::ComponentSpec {
                let mut spec = ::langflow_core::component::ComponentSpec {
                    description: #description,
                    details: #details,
                    takes_rest: #takes_rest,
                    ..Default::default()
                };
                #header
                spec.inputs = vec![#(#declared),*];
                spec
            }

            #[allow(unused_mut, unused_variables)]
            fn parse(
                mut params: ::langflow_core::component::Params,
                spec: &::langflow_core::component::ComponentSpec,
            ) -> Result<Self, Vec<::langflow_core::Fault>> {
                let mut faults: Vec<::langflow_core::Fault> = Vec::new();
                #(#reads)*
                #build
            }
        }
    })
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
