//! `#[outputs]`.

use crate::doc;
use proc_macro2::TokenStream;
use quote::quote;
use syn::{
    Attribute, Error, Expr, GenericArgument, ImplItem, ImplItemFn, ItemImpl, LitStr, PathArguments, Result,
    ReturnType, Type,
};

pub fn expand(mut item: ItemImpl) -> Result<TokenStream> {
    let ty = item.self_ty.clone();
    let mut specs = Vec::new();
    let mut arms = Vec::new();
    let mut toolset = None;
    let mut refresh = None;
    for part in &mut item.items {
        let ImplItem::Fn(function) = part else { continue };
        if let Some(attr) = take(&mut function.attrs, "output") {
            let (spec, name) = output(function, &attr)?;
            let method = &function.sig.ident;
            let ok = ok_type(function)?;
            specs.push(spec);
            arms.push(quote! {
                #name => self.#method(cx).await.map(<#ok as ::langflow_core::component::OutputType>::into_value),
            });
        } else if take(&mut function.attrs, "toolset").is_some() {
            toolset = Some(function.sig.ident.clone());
        } else if take(&mut function.attrs, "refresh").is_some() {
            refresh = Some(function.sig.ident.clone());
        }
    }
    if specs.is_empty() {
        return Err(Error::new_spanned(&ty, "mark at least one method with #[output(title = \"…\")]"));
    }
    let toolset = toolset.map(|method| {
        quote! {
            async fn toolset(
                &self,
                cx: &::langflow_core::run::Cx,
            ) -> Option<Result<Vec<::std::sync::Arc<dyn ::langflow_core::capability::Tool>>, ::langflow_core::Fault>> {
                Some(self.#method(cx).await)
            }
        }
    });
    let refresh = refresh.map(|function| {
        quote! {
            async fn refresh(
                request: &::langflow_core::component::RefreshRequest,
                cx: &::langflow_core::component::RefreshCx,
            ) -> Result<::langflow_core::component::SpecPatch, ::langflow_core::Fault> {
                Self::#function(request, cx).await
            }
        }
    });
    Ok(quote! {
        #item

        #[::langflow_core::private::async_trait]
        impl ::langflow_core::component::Outputs for #ty {
            fn output_specs() -> Vec<::langflow_core::component::OutputSpec> {
                vec![#(#specs),*]
            }

            async fn run_output(
                &self,
                name: &str,
                cx: &::langflow_core::run::Cx,
            ) -> Result<::langflow_core::Value, ::langflow_core::Fault> {
                match name {
                    #(#arms)*
                    other => Err(::langflow_core::Fault::bug(format!("there is no output '{other}'"))),
                }
            }

            #toolset
            #refresh
        }
    })
}

fn take(attrs: &mut Vec<Attribute>, name: &str) -> Option<Attribute> {
    let at = attrs.iter().position(|a| a.path().is_ident(name))?;
    Some(attrs.remove(at))
}

/// `T` of `Result<T, Fault>`.
fn ok_type(function: &ImplItemFn) -> Result<Type> {
    let wrong = || Error::new_spanned(&function.sig, "an output returns Result<T, Fault>");
    let ReturnType::Type(_, ty) = &function.sig.output else { return Err(wrong()) };
    let Type::Path(path) = ty.as_ref() else { return Err(wrong()) };
    let last = path.path.segments.last().ok_or_else(wrong)?;
    let PathArguments::AngleBracketed(args) = &last.arguments else { return Err(wrong()) };
    match args.args.first() {
        Some(GenericArgument::Type(ok)) => Ok(ok.clone()),
        _ => Err(wrong()),
    }
}

fn output(function: &ImplItemFn, attr: &Attribute) -> Result<(TokenStream, String)> {
    let mut name = function.sig.ident.to_string();
    let mut settings = Vec::new();
    let ok = ok_type(function)?;
    attr.parse_nested_meta(|meta| {
        let key = meta.path.require_ident()?.clone();
        match key.to_string().as_str() {
            "name" => name = meta.value()?.parse::<LitStr>()?.value(),
            "title" | "method" => {
                let value: LitStr = meta.value()?.parse()?;
                settings.push(quote! { output.#key = #value; });
            }
            "types" | "loop_types" => {
                let value: Expr = meta.value()?.parse()?;
                settings.push(quote! { output.#key = #value.to_vec(); });
            }
            "aliases" => {
                let value: Expr = meta.value()?.parse()?;
                settings.push(quote! { output.aliases = &#value; });
            }
            "legacy" => settings.push(quote! { output.listed = false; }),
            "no_cache" => settings.push(quote! { output.cache = false; }),
            "no_tool" => settings.push(quote! { output.tool_mode = false; }),
            "allows_loop" | "group_outputs" | "hidden" => {
                settings.push(quote! { output.#key = true; });
            }
            _ => return Err(meta.error("unknown key of an output")),
        }
        Ok(())
    })?;
    let texts = doc::paragraphs(&function.attrs);
    if texts.is_empty() {
        return Err(Error::new_spanned(&function.sig, "say in a doc comment what the output gives"));
    }
    let info = texts.join("\n\n");
    let method = function.sig.ident.to_string();
    let spec = quote! {{
        let mut output = ::langflow_core::component::OutputSpec::new(#name);
        output.method = #method;
        output.info = #info;
        output.types = <#ok as ::langflow_core::component::OutputType>::TYPES.to_vec();
        #(#settings)*
        output
    }};
    Ok((spec, name))
}
