//! Document → plan.

use super::{Feed, Field, Plan, PlanEdge, PlanNode, PlanOutput, Selection, cycles, fields, types};
use langflow_core::component::{Catalogue, Definition};
use langflow_core::flow::{Document, Edge, Node, Problem, ProblemKind, TOOLSET};
use langflow_core::run::NodeRef;
use langflow_core::{Json, JsonMap, Value};
use std::collections::HashMap;
use std::sync::Arc;

const INTERFACE: [&str; 6] = ["ChatInput", "ChatOutput", "TextInput", "TextOutput", "DataOutput", "Webhook"];

/// Compiles a flow. Problems that make the graph itself wrong are returned, all of them; a node that cannot
/// run (an unknown component, an unreadable field) keeps its problem and fails when it is reached, so that
/// a flow with an unconnected custom node still runs.
pub fn compile(json: &Json, catalogue: &Catalogue) -> Result<Plan, Vec<Problem>> {
    let (document, mut problems) = Document::read(json);
    let definitions: Vec<Option<Arc<dyn Definition>>> =
        document.nodes.iter().map(|node| find_definition(node, catalogue)).collect();
    for edge in &document.edges {
        check_edge(edge, &document, &definitions, &mut problems);
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let by_id: HashMap<String, usize> =
        document.nodes.iter().enumerate().map(|(at, n)| (n.id.clone(), at)).collect();
    let mut nodes: Vec<PlanNode> =
        document.nodes.into_iter().zip(definitions).map(|(node, def)| plan_node(node, def)).collect();
    let edges: Vec<PlanEdge> =
        document.edges.into_iter().filter_map(|edge| plan_edge(&edge, &by_id, &mut nodes)).collect();
    link(&mut nodes, &edges);
    for node in &mut nodes {
        finish_node(node, &edges);
    }
    let mut plan = Plan { nodes, edges, by_id, run_selection: Selection::default(), document: None };
    plan.run_selection = plan.select_inputs();
    plan.document = plan.asks_human().then(|| json.clone());
    Ok(plan)
}

fn find_definition(node: &Node, catalogue: &Catalogue) -> Option<Arc<dyn Definition>> {
    let native = catalogue
        .get(&node.kind)
        .or_else(|| node.class_names.iter().find_map(|name| catalogue.get(name)))
        // A dotted import path ends in the class name.
        .or_else(|| node.kind.rsplit_once('.').and_then(|(_, class)| catalogue.get(class)));
    match (native, catalogue.custom()) {
        // What was changed by hand runs as it was changed, where people's code runs at all.
        (Some(native), Some(custom)) if is_changed(node, native.as_ref()) => Some(custom.definition(node)),
        (Some(native), _) => Some(Arc::clone(native)),
        (None, Some(custom)) if node.code().is_some() => Some(custom.definition(node)),
        (None, _) => None,
    }
}

/// The code of a native component was edited.
fn is_changed(node: &Node, native: &dyn Definition) -> bool {
    node.edited && node.code().is_some_and(|code| code.trim() != native.spec().python().trim())
}

fn check_edge(
    edge: &Edge,
    document: &Document,
    definitions: &[Option<Arc<dyn Definition>>],
    problems: &mut Vec<Problem>,
) {
    let (Some(source), Some(at)) =
        (document.node(&edge.source), document.nodes.iter().position(|n| n.id == edge.target))
    else {
        return;
    };
    let Some(target) = document.nodes.get(at) else { return };
    let spec = definitions.get(at).and_then(Option::as_ref).map(|d| d.spec());
    if let Err(why) = types::check(edge, source, target, spec) {
        problems.push(
            Problem::new(ProblemKind::EdgeType, why)
                .at_node(&target.id, &target.display_name)
                .at_field(&edge.field),
        );
    }
}

fn unknown(node: &Node) -> Problem {
    Problem::new(
        ProblemKind::UnknownComponent,
        format!(
            "The component '{}' ({}) of type '{}' has no native implementation. Custom Python components \
             run only where the operator has turned them on (LANGFLOW_CUSTOM_COMPONENTS).",
            node.display_name, node.id, node.kind
        ),
    )
    .at_node(&node.id, &node.display_name)
}

fn plan_node(node: Node, definition: Option<Arc<dyn Definition>>) -> PlanNode {
    let problem = definition.is_none().then(|| unknown(&node));
    let outputs = plan_outputs(&node, definition.as_deref());
    PlanNode {
        reference: Arc::new(NodeRef {
            id: node.id.clone(),
            display_name: node.display_name.clone(),
            kind: node.kind.clone(),
            icon: node.icon.clone(),
            model_name: None,
        }),
        problem,
        is_input: node.is_input || node.is_any(&["ChatInput", "Webhook", "TextInput"]),
        is_output: node.is_output || node.is_any(&["ChatOutput", "DataOutput", "TextOutput"]),
        is_interface: node.is_any(&INTERFACE),
        is_chat: node.is_any(&["ChatInput", "ChatOutput"]),
        is_loop: outputs.iter().any(|o| o.allows_loop),
        has_session_id: node.template.contains_key("session_id"),
        fields: Vec::new(),
        field_problems: Vec::new(),
        feeds: Vec::new(),
        outputs,
        computed: Vec::new(),
        in_edges: Vec::new(),
        out_edges: Vec::new(),
        successors: Vec::new(),
        predecessors: Vec::new(),
        cycle: None,
        definition,
        node,
    }
}

/// The stored outputs are what counts; a node that stores none has the declared ones.
fn plan_outputs(node: &Node, definition: Option<&dyn Definition>) -> Vec<PlanOutput> {
    if node.outputs.is_empty() {
        return definition
            .map(Definition::spec)
            .iter()
            .flat_map(|s| &s.outputs)
            .filter(|o| o.listed)
            .map(|o| PlanOutput {
                name: o.name.into(),
                display_name: o.title.into(),
                types: o.types.iter().map(|t| (*t).to_owned()).collect(),
                declared: Some(o.name.into()),
                is_toolset: false,
                allows_loop: o.allows_loop,
            })
            .collect();
    }
    node.outputs
        .iter()
        .map(|o| {
            let types: Vec<&str> = o.types.iter().map(String::as_str).collect();
            let declared = definition.and_then(|d| d.output(&o.name, o.method.as_deref(), &types));
            PlanOutput {
                name: o.name.clone(),
                display_name: o.display_name.clone(),
                types: o.types.clone(),
                declared,
                is_toolset: o.name == TOOLSET,
                allows_loop: o.allows_loop,
            }
        })
        .collect()
}

/// `None` for an edge from a node to itself, which carries nothing.
fn plan_edge(edge: &Edge, by_id: &HashMap<String, usize>, nodes: &mut [PlanNode]) -> Option<PlanEdge> {
    let (source, target) = (*by_id.get(&edge.source)?, *by_id.get(&edge.target)?);
    if source == target {
        return None;
    }
    let output = find_output(nodes.get_mut(source)?, edge);
    Some(PlanEdge { source, target, output, field: edge.field.clone(), is_feedback: edge.is_feedback })
}

/// The output an edge starts from: by name, then by type; a name the node does not list becomes an output of
/// its own, which the component may still know.
fn find_output(node: &mut PlanNode, edge: &Edge) -> usize {
    if let Some(at) = node.outputs.iter().position(|o| o.name == edge.output) {
        return at;
    }
    if edge.output.is_empty() {
        let fits = |o: &PlanOutput| o.types.iter().any(|t| edge.output_types.contains(t));
        return node.outputs.iter().position(fits).unwrap_or(0);
    }
    let types: Vec<&str> = edge.output_types.iter().map(String::as_str).collect();
    let declared = node.definition.as_deref().and_then(|d| d.output(&edge.output, None, &types));
    if declared.is_some()
        && let Some(at) = node.outputs.iter().position(|o| o.declared == declared)
    {
        return at;
    }
    node.outputs.push(PlanOutput {
        name: edge.output.clone(),
        display_name: edge.output.clone(),
        types: edge.output_types.clone(),
        declared,
        is_toolset: edge.output == TOOLSET,
        allows_loop: false,
    });
    node.outputs.len() - 1
}

/// Fills in edges, neighbours and cycles.
fn link(nodes: &mut [PlanNode], edges: &[PlanEdge]) {
    for (at, edge) in edges.iter().enumerate() {
        if let Some(source) = nodes.get_mut(edge.source) {
            source.out_edges.push(at);
            if !source.successors.contains(&edge.target) {
                source.successors.push(edge.target);
            }
        }
        if let Some(target) = nodes.get_mut(edge.target) {
            target.in_edges.push(at);
            if !target.predecessors.contains(&edge.source) {
                target.predecessors.push(edge.source);
            }
        }
    }
    let ids: Vec<String> = nodes.iter().map(|n| n.node.id.clone()).collect();
    for node in nodes.iter_mut() {
        node.successors.sort_by(|a, b| ids.get(*a).cmp(&ids.get(*b)));
    }
    let successors: Vec<Vec<usize>> = nodes.iter().map(|n| n.successors.clone()).collect();
    for (node, cycle) in nodes.iter_mut().zip(cycles::cycles(&successors)) {
        node.cycle = cycle;
    }
}

/// Fields, feeds and computed outputs, which follow from the edges.
fn finish_node(node: &mut PlanNode, edges: &[PlanEdge]) {
    for &at in &node.in_edges {
        let Some(edge) = edges.get(at).filter(|e| !e.is_feedback) else { continue };
        match node.feeds.iter_mut().find(|f| f.field == edge.field) {
            Some(feed) => feed.edges.push(at),
            None => node.feeds.push(new_feed(&node.node, node.definition.as_deref(), &edge.field, at)),
        }
    }
    let (fields, problems) = read_fields(node, &node.node.template);
    node.fields = fields;
    node.field_problems = problems;
    node.computed = computed(node, edges);
}

fn new_feed(node: &Node, definition: Option<&dyn Definition>, field: &str, edge: usize) -> Feed {
    let stored = node.field(field);
    let declared = definition.and_then(|d| d.spec().input(field));
    let is_true = |key: &str| stored.and_then(|f| f.get(key)).and_then(Json::as_bool);
    let value = stored.and_then(|f| f.get("value"));
    let wrap = match value {
        Some(Json::Object(map)) if map.len() == 1 => map.keys().next().cloned(),
        _ => None,
    };
    let takes_tools = declared.is_some_and(|d| d.handle_types().contains(&"Tool"))
        || stored
            .and_then(|f| f.get("input_types"))
            .and_then(Json::as_array)
            .is_some_and(|types| types.iter().any(|t| t.as_str() == Some("Tool")));
    Feed {
        field: field.to_owned(),
        is_list: is_true("list").or_else(|| is_true("is_list")).unwrap_or(false)
            || declared.is_some_and(|d| d.list),
        takes_tools,
        wrap,
        stored: value.cloned().map(Value::from),
        edges: vec![edge],
    }
}

/// The fields of a template that no edge feeds.
pub(crate) fn read_fields(node: &PlanNode, template: &JsonMap) -> (Vec<Field>, Vec<Problem>) {
    let mut read = Vec::new();
    let mut problems = Vec::new();
    let spec = node.definition.as_deref().map(Definition::spec);
    for (name, field) in template {
        let Json::Object(field) = field else { continue };
        if node.is_fed(name) {
            continue;
        }
        match fields::prepare(name, field, spec.and_then(|s| s.input(name))) {
            Ok(Some(value)) => read.push(Field { name: name.clone(), value }),
            Ok(None) => {}
            Err(why) => problems.push(
                Problem::new(ProblemKind::Field, why)
                    .at_node(&node.node.id, &node.node.display_name)
                    .at_field(name),
            ),
        }
    }
    (read, problems)
}

/// All outputs of a node nobody reads; else those that edges name (engine.md 2.5).
fn computed(node: &PlanNode, edges: &[PlanEdge]) -> Vec<usize> {
    if node.out_edges.is_empty() {
        return (0..node.outputs.len()).collect();
    }
    (0..node.outputs.len())
        .filter(|at| {
            let leaves = node.out_edges.iter().filter_map(|e| edges.get(*e)).any(|e| e.output == *at);
            leaves || node.outputs.get(*at).is_some_and(|o| o.is_toolset)
        })
        .collect()
}
