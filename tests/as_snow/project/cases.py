# SPDX-License-Identifier: Apache-2.0
"""Valid and invalid project files; record.py records how the Snowflake CLI reads them."""

ALL = []
HEAD = "definition_version: 2\nentities:\n  r:\n    type: image-repository\n"


def case(title, yaml=None, local=None, entity=None, overrides=(), environment=None, ours=None, because=None,
         binary=False):
    """Adds a project. `ours` is the name, or part of the error, with which the plugin differs on purpose; `because` the reason."""
    assert title not in {other["title"] for other in ALL}, title
    assert (ours is None) == (because is None), title
    files = {}
    if yaml is not None:
        files["snowflake.yml"] = yaml
    if local is not None:
        files["snowflake.local.yml"] = local
    ALL.append({"title": title, "files": files, "entity": entity, "overrides": list(overrides),
                "environment": environment or {}, "ours": ours, "because": because, "binary": binary})


def identifier(title, text, more="", **others):
    case(title, HEAD + f"    identifier: {text}\n" + more, **others)


# files
case("no file")
case("only the local file", local=HEAD)
case("an empty file", "")
case("only a comment", "# nothing\n")
case("a list", "- a\n")
case("a word", "word\n")
case("an empty local file", HEAD, local="")
case("a local file that names another", HEAD + "    identifier: base\n", local="entities:\n  r:\n    identifier: other\n")
case("a local file that adds an entity", HEAD, local="entities:\n  s:\n    type: image-repository\n", entity="s")
case("a local file that makes a mapping of a word", HEAD + "    identifier: base\n",
     local="entities:\n  r:\n    identifier: {name: n, schema: s}\n")
case("a local file that adds a key to a mapping", HEAD + "    identifier: {name: n}\n",
     local="entities:\n  r:\n    identifier: {schema: s}\n")
case("a local file with a key twice", HEAD, local="entities:\n  r:\n    identifier: a\n    identifier: b\n")
case("a local file with another version", HEAD, local="definition_version: 3\n")
case("a local file that fills the environment", HEAD + "    identifier: <% ctx.env.X %>\nenv:\n  X: base\n",
     local="env:\n  X: local\n")
case("a local file that is a list", HEAD, local="- a\n")
case("a local file with an unknown key", HEAD, local="nonsense: 1\n")

# YAML
identifier("a byte order mark", "x")
ALL[-1]["files"]["snowflake.yml"] = "\ufeff" + ALL[-1]["files"]["snowflake.yml"]
identifier("lines that end in CR LF", "x")
ALL[-1]["files"]["snowflake.yml"] = ALL[-1]["files"]["snowflake.yml"].replace("\n", "\r\n")
case("two documents", HEAD + "---\n" + HEAD)
case("a document that ends", HEAD + "...\n")
case("a document with its marks", "---\n" + HEAD + "...\n")
case("a directive", "%YAML 1.1\n---\n" + HEAD)
case("a key twice", HEAD + "    type: image-repository\n")
case("a key twice at the top", HEAD + "definition_version: 2\n")
case("an entity twice", HEAD + "  r:\n    type: image-repository\n")
case("a key twice far away", HEAD + "env:\n  A: 1\n  A: 2\n")
for word in ("null", "~", "Null", "NULL", "true", "yes", "on", "y", "_1", "nan", "no"):
    identifier(f"the word {word} is a name", word)
identifier("a number is text", "12")
identifier("a number with a point is text", "1.5")
identifier("nothing is an empty text", "")
identifier("an empty text", '""')
identifier("an anchor", "&a x", "env:\n  A: *a\n")
identifier("an alias", "*a", "")
case("an alias of a word", "env:\n  A: &a x\n" + HEAD + "    identifier: *a\n")
case("an alias of a mapping", "mixins:\n  m: &a {name: n, schema: s}\n" + HEAD + "    identifier: *a\n")
case("a merge key is a key", "mixins:\n  m: &a {name: n, schema: s}\n" + HEAD + "    identifier:\n      <<: *a\n      name: x\n")
case("an anchor inside of itself", HEAD + "env: &a\n  A: *a\n")
identifier("a tag of YAML", "!!str x")
identifier("a tag that is unknown", "!foo x")
identifier("a tagged mapping", "!foo {name: n}")
identifier("a block of text", "|\n      x")
identifier("a folded block of text that keeps nothing", ">-\n      x")
identifier("two lines of text", "x\n      y")
identifier("text in single quotes", "'x'")
identifier("an escape", '"\\x78"')
identifier("a comment behind it", "x # comment")
identifier("a number sign inside", "x#y")
identifier("a tabulator behind it", "x\t")
identifier("a quoted identifier", "'\"my repo\"'")
identifier("a quoted identifier with quotes", "'\"a\"\"b\"'")
identifier("an identifier in YAML's quotes only", '"my repo"')
identifier("letters outside of ASCII", "r\u00e9po")
identifier("letters outside of ASCII in quotes", "'\"r\u00e9po\"'")
for start in "@`%&*!|>{}[],?:-#":
    identifier(f"a word that begins with {start}", f"{start}x")
identifier("a colon inside", "a:b")
identifier("a colon and a blank inside", "a: b")
identifier("an unclosed quote", '"x')
identifier("an unclosed bracket", "[x")
case("bad indentation", HEAD + "   identifier: x\n")
case("a tabulator as indentation", HEAD + "\tidentifier: x\n")
case("a key that is a list", HEAD + "    ? [a]\n    : b\n")
case("keys that are null", HEAD + "env:\n  null: x\n  ~: y\n")
case("the null key twice", HEAD + "env:\n  ~: x\n  ~: y\n")
case("a null key among entities", HEAD.replace("  r:", "  null:"))
case("a NUL byte", HEAD + "    identifier: a\0b\n")
case("a byte of the end", HEAD + "    identifier: a\n\x04    comment: b\n")
case("a control character", HEAD + "    identifier: a\x07\n")
case("a DEL", HEAD + "    identifier: '\"a\x7f\"'\n")
case("not UTF-8", HEAD + "    identifier: '\"a\udcff\"'\n", binary=True)
identifier("a name of 255", "x" * 255)
identifier("a name of 256", "x" * 256)

# versions
for version in ("1", "1.1", "2.0", "3", "'2'", '"2"', "", "two", "02", "2 ", "[2]", "{a: b}", "1.0", "0x2", "<% ctx.env.X %>"):
    case(f"version {version}", HEAD.replace("definition_version: 2", f"definition_version: {version}"))
case("no version", HEAD.removeprefix("definition_version: 2\n"))
case("version 1 and nothing else", "definition_version: 1\n")
case("version 1.1 and nothing else", "definition_version: 1.1\n")

# entities
case("no entities", "definition_version: 2\n")
case("empty entities", "definition_version: 2\nentities: {}\n")
case("entities without a value", "definition_version: 2\nentities:\n")
case("entities that are a list", "definition_version: 2\nentities: [a]\n")
case("entities that are a word", "definition_version: 2\nentities: a\n")
case("an entity that is a word", "definition_version: 2\nentities:\n  r: image-repository\n")
case("an entity that is empty", "definition_version: 2\nentities:\n  r:\n")
case("an entity that is a list", "definition_version: 2\nentities:\n  r: [a]\n")
case("an entity without a type", "definition_version: 2\nentities:\n  r:\n    identifier: x\n")
case("an entity of an unknown type", "definition_version: 2\nentities:\n  r:\n    type: image-repo\n")
case("an entity with a type of nothing", "definition_version: 2\nentities:\n  r:\n    type:\n")
case("an entity with a list as its type", "definition_version: 2\nentities:\n  r:\n    type: [image-repository]\n")
case("an entity with a template as its type", "definition_version: 2\nentities:\n  r:\n    type: <% ctx.env.T %>\nenv:\n  T: image-repository\n")
case("an unknown key of an entity", HEAD + "    comment: hi\n")
case("an unknown key of an entity with a mapping", HEAD + "    comment: {a: [b, c]}\n")
case("an unknown key at the top", HEAD + "foo: bar\n")
case("an unknown key with a quote", HEAD + "foo: it's\n")
case("an unknown list with quotes", HEAD + "foo: [it's, '\"', \"it's \\\"\", \"a\\\\b\", \"a\\tb\", \"\\u00e9\"]\n")
case("only another entity", "definition_version: 2\nentities:\n  p:\n    type: compute-pool\n    min_nodes: 1\n    max_nodes: 1\n    instance_family: x\n")
case("another entity beside it", HEAD + "  p:\n    type: compute-pool\n    min_nodes: 1\n    max_nodes: 1\n    instance_family: x\n")
case("a wrong entity of another type beside it", HEAD + "  p:\n    type: streamlit\n    nonsense: 1\n", ours="r",
     because="other entities are the Snowflake CLI's business")
TWO = HEAD + "  s:\n    type: image-repository\n    identifier: second\n"
case("two entities and no choice", TWO)
case("two entities and a choice", TWO, entity="s")
case("two entities and a wrong choice", TWO, entity="t")
case("one entity and its choice", HEAD, entity="r")
case("one entity and a wrong choice", HEAD, entity="nope")
case("one entity and an empty choice", HEAD, entity="")
case("two entities and an empty choice", TWO, entity="", ours="Multiple image repositories found.",
     because="an unexpected exception there")
case("the choice of an entity of another type", HEAD + "  p:\n    type: compute-pool\n    min_nodes: 1\n    max_nodes: 1\n    instance_family: x\n", entity="p")
case("the wrong name of the entity that is not chosen", TWO.replace("second", "my-repo"), entity="r")
case("an id that is no name", HEAD.replace("  r:", "  my-repo:"))
case("an id that is no name with an identifier", HEAD.replace("  r:", "  my-repo:") + "    identifier: x\n")
case("an id with dots", HEAD.replace("  r:", "  a.b.c:"))
case("an id with blanks", HEAD.replace("  r:", "  my repo:") + "    identifier: x\n")
case("an empty id", HEAD.replace("  r:", '  "":'))
case("an id that is a number", HEAD.replace("  r:", "  1:") + "    identifier: x\n")

# identifiers
for name in ("x", "s.x", "d.s.x", "a.b.c.d", "my-repo", "x(int)", "s.x(int)", "x(", "x()", "a..b", ".x", "x.", "a b", "a;b",
             "a'b", "_$", "$a", "1a"):
    identifier(f"identifier {name}", '"' + name + '"')
for fields in ("name: x", "name: x, schema: s", "name: x, database: d", "name: x, schema: s, database: d",
               "name: s.x, database: d", "name: s.x, schema: t", "name: d.s.x, schema: t", "name: d.s.x, database: e",
               "name: d.s.x, schema: t, database: e", "schema: s", "name: x, foo: y", "name: [x]", "name: {a: b}",
               "name: x, schema: [s]", "name: ''", "name: x, schema: ''", "name: d.s.x, database: ''", "name: my-repo",
               "name: x, schema: my-schema", "name: x, schema: 'a b'", "name: x, schema: 'a.b'", "name: x, schema: \"a'; drop\"",
               "name: x, database: 'a b'", "name: x, schema: '\"q s\"'", "name: 'x(int)', schema: s", "", "name: x, name: y"):
    expected = {}
    if any(bad in fields for bad in ("my-schema", "'a b'", "'a.b'", "drop")):
        expected = {"ours": "is not valid name", "because": "the Snowflake CLI sends it to the server as it is"}
    identifier("identifier of " + fields, "{" + fields + "}", **expected)
identifier("identifier that is a list", "[x]")
identifier("identifier that is an empty list", "[]")

# meta
for meta in ("{}", "", "x", "[x]", "{role: r}", "{warehouse: w}", "{role: ''}", "{role: 'a b'}", "{role: '1'}", "{role: [r]}",
             "{warehouse: '-'}", "{foo: x}", "{depends_on: []}", "{depends_on: [r]}", "{depends_on: [q]}", "{depends_on: [q, z, r]}",
             "{depends_on: r}", "{depends_on: {r: x}}", "{depends_on: [[r]]}", "{depends_on: ''}", "{use_mixins: []}", "{use_mixins: m}",
             "{use_mixins: [m]}", "{use_mixins: {m: n}}", "{use_mixins: [[m]]}", "{post_deploy: [{sql_script: a.sql}]}", "{post_deploy: []}",
             "{post_deploy: x}", "{post_deploy: [x]}", "{post_deploy: [{sql_script: /a.sql}]}", "{post_deploy: [{sql_script: ../a.sql}]}",
             "{post_deploy: [{sql_script: ''}]}", "{post_deploy: [{other: a}]}", "{post_deploy: [{sql_script: a, other: b}]}",
             "{action_arguments: {}}", "{action_arguments: {r: {a: b, c: '1'}}}", "{action_arguments: x}", "{action_arguments: {r: x}}",
             "{action_arguments: {r: {a: [b]}}}", "{action_arguments: [a]}"):
    case("meta " + meta, HEAD + f"    meta: {meta}\n")
case("a role that is too long", HEAD + "    meta: {role: " + "x" * 255 + "}\n")
case("a template as role", HEAD + "    meta: {role: <% ctx.env.X %>}\nenv: {X: '1'}\n")
case("a template among depends_on", HEAD + "    meta: {depends_on: ['<% ctx.env.X %>']}\nenv: {X: r}\n")

# env
for env in ("", "{}", "x", "[x]", "{X: }", "{X: [a]}", "{X: {a: b}}", "{X: '1'}", "{'a b': c}"):
    case("env " + env, HEAD + f"env: {env}\n")

# templates
ENV = "env:\n  X: x1\n  Y: y1\n  Q: '\"q i\"'\n  E: ''\n  D: a-b\n  T: <% ctx.env.X %>_t\n  N: '1'\n"


def template(text, more=ENV, **others):
    escaped = text.replace("'", "''")
    others.setdefault("title", f"template {text}")
    title = others.pop("title")
    identifier(title, f"'{escaped}'", more, **others)


FILTER = {"ours": "filter", "because": "filters are refused by name"}
for text in ("<% ctx.env.X %>", "<%ctx.env.X%>", "a<% ctx.env.X %>b", "<% ctx.env.X %><% ctx.env.Y %>", "<% ctx.env.T %>",
             "<%- ctx.env.X -%>", "a <%- ctx.env.X -%> b", "<%+ ctx.env.X %>", "a <%- ctx.env.X %>", "<% ctx . env . X %>",
             "<%\tctx.env.X\n%>", "<% (ctx.env.X) %>", "<% ctx.env.E %>", "x<% ctx.env.E %>", "<% ctx.env.D %>",
             "<% ctx.env.N %>", "a<% ctx.env.N %>", "<% ctx.env.nope %>", "<% ctx.env %>", "<% ctx %>", "<% ctx.nope %>",
             "<% ctx.env.X.y %>", "<% nope %>", "<% nope.x %>", "<% fn %>", "<% fn.nope %>", "<% fn.nope() %>", "<% X %>",
             "<% ctx.definition_version %>", "v<% ctx.definition_version %>", "<% ctx.entities.r.type %>", "<% ctx.entities %>",
             "<% ctx.entities.r.identifier %>", "<% ctx.entities.s.identifier %>", "<% ctx.env.class %>", "<% ctx.env.__class__ %>",
             "<% %>", "<%%>", "<%", "%>", "<% ctx.env.X", "<% ctx.env.X }}", "ctx.env.X %>", "{{ ctx.env.X }}", "{% if x %}", "a{# c #}",
             "a{# c", "a{# c #}<% ctx.env.X %>", "{#- c -#} <% ctx.env.X %>", "<% 'x' %>", '<% "x" %>', "a<% 'x' %><% ctx.env.X %>",
             "<% 'a' 'b' %><% ctx.env.X %>", "<% '%>' %><% ctx.env.X %>", "<% 'a\\x41' %><% ctx.env.X %>", "<% 'it\\'s' %><% ctx.env.X %>",
             "<% 1 %>", "<% 1 %><% ctx.env.X %>", "a<% 1 %><% ctx.env.X %>", "a<% 1.5 %>", "a<% true %><% ctx.env.X %>", "<% none %>",
             "a<% None %><% ctx.env.X %>", "a<% 1_0 %><% ctx.env.X %>", "a<% 0x10 %><% ctx.env.X %>",
             "<% 1 + 2 %>", "<% -1 %>", "<% ctx.env.X ~ 'a' %>", "<% ctx['env'].X %>", "<% ctx.env['X'] %>", "<% ctx.env.0 %>",
             "<% ctx.env.X if true %>", "<% [1] %>", "<% {} %>", "<% (1, 2) %>", "<% ctx.env.X == 'x' %>", "<% not ctx.env.X %>",
             "<% ctx.env.X() %>", "<% ctx.env.X is defined %>", "<% ctx.env.X, ctx.env.Y %>", "<% ctx..env %>", "<% .ctx %>", "<% ctx. %>",
             "<% ctx env %>", "<% ctx-env %>", "<% ctx.env.X! %>", "<% ctx.env.r\u00e9 %>", "<% 'unclosed %>", "<% if x %>"):
    template(text)
for text in ("<% ctx.env.X | upper %>", "<% ctx.env.X|upper|lower %>", "<% ctx.env.X | replace('x', 'z') %>", "<% ctx.env.nope | default('d') %>",
             "<% 'a' | upper %><% ctx.env.X %>", "<% fn.str_to_id(ctx.env.X | upper) %>", "<% ctx.env.X | nosuchfilter %>"):
    template(text, **FILTER)
for text in ("<% fn.concat_ids('a', 'b') %>", "<% fn.concat_ids('a') %>", "<% fn.concat_ids() %>", "<% fn.concat_ids(ctx.env.X, ctx.env.Y) %>",
             "<% fn.concat_ids(ctx.env.Q, '_a') %>", "<% fn.concat_ids('a-', 'b') %>", "<% fn.concat_ids('a', 1) %>", "<% fn.concat_ids(1) %>",
             "<% fn.concat_ids('a', ctx.env.N) %>", "<% fn.concat_ids('', '') %>", "<% fn.concat_ids('\"a', 'b') %>", "<% fn.concat_ids('a', 'b',) %>",
             "<% fn.concat_ids(ctx.env.T, '_', ctx.env.D) %>", "<% fn . concat_ids ( 'a' ,'b' ) %>", "pre_<% fn.concat_ids('a', 'b') %>_post",
             "<% fn.concat_ids('a', *ctx.env.X) %>", "<% fn.concat_ids(x='a') %>", "<% fn.concat_ids('a' 'b') %>", "<% fn.concat_ids('a\"', '\"\"') %>",
             "<% fn.concat_ids('\"\"', 'a') %>", "<% fn.concat_ids('\"a\"\"b\"', 'a') %>", "<% fn.concat_ids(true) %>", "<% fn.concat_ids(none) %>",
             "<% fn.str_to_id('a') %>", "<% fn.str_to_id('a b') %>", "<% fn.str_to_id(ctx.env.Q) %>", "<% fn.str_to_id(ctx.env.D) %>",
             "<% fn.str_to_id() %>", "<% fn.str_to_id('a', 'b') %>", "<% fn.str_to_id('') %>", "<% fn.str_to_id('1') %>", "<% fn.str_to_id('a\"b') %>",
             "<% fn.str_to_id('r\u00e9') %>",
             "<% fn.id_to_str(ctx.env.Q) %>", "<% fn.id_to_str('a') %>", "<% fn.id_to_str('\"a\"') %>", "<% fn.id_to_str('\"a\"\"b\"') %>", "<% fn.id_to_str() %>",
             "<% fn.sanitize_id('a-b c') %>", "<% fn.sanitize_id('1a') %>", "<% fn.sanitize_id('') %>", "<% fn.sanitize_id('r\u00e9po') %>", "<% fn.sanitize_id('$a') %>",
             "<% fn.sanitize_id(ctx.env.D) %>", "<% fn.sanitize_id() %>", "<% fn.sanitize_id(1) %>", "<% fn.sanitize_id('-') %>",
             "a<% fn.get_username() %>", "<% fn.get_username('fallback') %>", "<% fn.get_username(1) %>", "<% fn.get_username('a', 'b') %>",
             "<% fn.sanitize_id(fn.get_username('a b')) %>", "<% fn.concat_ids(fn.str_to_id('a b'), fn.id_to_str('c')) %>",
             "<% fn.concat_ids(fn.nope('a')) %>", "<% fn.concat_ids('a').b %>", "<% fn.concat_ids('a')() %>", "<% fn.concat_ids %>", "<% fn.concat_ids(fn.str_to_id) %>",
             "<% fn.concat_ids('a' %>", "<% fn.concat_ids('a')) %>", "<% fn.concat_ids(ctx.env) %>", "<% fn.concat_ids(nope) %>",
             "<% ctx.fn.concat_ids('a') %>", "<% concat_ids('a') %>", "<% fn.__init__('a') %>", "<% fn.concat_ids('<% ctx.env.X %>') %>"):
    template(text)
template("<% fn.sanitize_id('" + "a" * 300 + "') %>", title="template sanitize_id cuts at 255")
template("<% fn.concat_ids('" + "a" * 300 + "') %>", title="template concat_ids of 300")
template("a_<% fn.get_username() %>", environment={"USER": "jane"}, title="template get_username from USER")
template("a_<% fn.get_username('z') %>", environment={"LOGNAME": "log", "USERNAME": "name"}, title="template get_username from USERNAME")
template("a_<% fn.get_username('z') %>", environment={"LOGNAME": "log", "USER": ""}, title="template get_username from LOGNAME")
template("<% fn.sanitize_id(fn.get_username()) %>", environment={"USER": "jane.doe"}, title="template sanitized username")
template("<% ctx.env.X %>", environment={"X": "variable"}, title="template from a variable")
template("<% ctx.env.X %>", overrides=["X=given"], environment={"X": "variable"}, title="template from an override")
template("<% ctx.env.X %>", overrides=["X="], title="template from an empty override")
template("a<% ctx.env.X %>", environment={"X": ""}, title="template from an empty variable")
template("<% ctx.env.X %>", overrides=["X=a", "X=b"], title="template from two overrides")
template("<% ctx.env.X %>", overrides=["X=a=b"], title="template from an override with two equals signs")
template("<% ctx.env.X %>", overrides=["bad"], title="an override that is none")
template("<% ctx.env.X %>", overrides=["=a"], title="an override without a key")
template("<% ctx.env.X %>", overrides=[""], title="an empty override")
template("<% ctx.env.X %>", overrides=[" X =a"], title="an override with blanks")
template("<% ctx.env.X %>", overrides=["X=<% ctx.env.Y %>"], title="template in an override stays")
template("<% ctx.env.X %>", environment={"X": "<% ctx.env.Y %>"}, title="template in a variable stays")
template("<% ctx.env.T %>", environment={"X": "v"}, title="template through the file from a variable")
template("<% ctx.env.Z %>", overrides=["Z=z"], title="template that only an override knows")
template("<% ctx.env.X.y %>", overrides=["X=z"], title="template below an override")
template("<% ctx.env.Z %>", "", environment={"Z": "z"}, title="template from a variable without an env section")
template("<% ctx.env.A %>", "env:\n  A: <% ctx.env.A %>\n", title="a circle of one")
template("<% ctx.env.A %>", "env:\n  A: <% ctx.env.B %>\n  B: <% ctx.env.A %>\n", ours="Cycle detected in template variable ctx.env.",
         because="the Snowflake CLI names any of them", title="a circle of two")
template("<% ctx.env.A %>", "env:\n  A: <% ctx.env.B %>\n  B: <% ctx.env.A %>\n", overrides=["B=b"], title="a circle that an override opens")
template("x", "env:\n  A: <% ctx.env.A %>\n", title="a circle that is not needed")
template("x", "env:\n  A: <% ctx.env.nope %>\n", title="a template that is not needed")
template("x", "env:\n  A: <%\n", title="a bad template that is not needed")
template("<% ctx.env.A %>", "env:\n  A: <% ctx.env.B %>a\n  B: <% ctx.env.C %>b\n  C: c\n", title="templates in a row")
template("<% ctx.entities.r.identifier %>", title="a name that is its own")
template("<% ctx.mixins.m.name %>", "mixins:\n  m: {name: n}\n", title="template into a mixin")
template("<% ctx.entities.s.identifier %>", "  s:\n    type: image-repository\n    identifier: n_<% ctx.env.X %>\n" + ENV, entity="r", title="template of another entity")
template("<% ctx.entities.p.comment %>", "  p:\n    type: compute-pool\n    min_nodes: 1\n    max_nodes: 1\n    instance_family: x\n    comment: pool\n", title="template of an entity of another type")
template("<% ctx.entities.p.auto_resume %>x", "  p:\n    type: compute-pool\n    min_nodes: 1\n    max_nodes: 1\n    instance_family: x\n",
         ours="Could not find template variable ctx.entities.p.auto_resume", because="defaults of other entities are the Snowflake CLI's",
         title="template of a default of an entity of another type")
identifier("templates in a mapping", "{name: <% ctx.env.X %>, schema: <% ctx.env.Y %>}", ENV)
identifier("a template with a dotted name in a mapping", "{name: <% ctx.env.Z %>, schema: s}", "env: {Z: a.b}\n")
identifier("a template in a key", '{"<% ctx.env.X %>": x}', ENV)
case("a template in the id", HEAD.replace("  r:", "  <% ctx.env.X %>:") + ENV)
case("a template in an unknown key", HEAD + "    comment: <% ctx.env.X %>\n" + ENV)
case("templates in version 1", "definition_version: 1\nenv: {A: <% ctx.env.B %>}\n")
case("a template in a foreign entity", HEAD + "  p:\n    type: compute-pool\n    min_nodes: 1\n    max_nodes: 1\n    instance_family: <% ctx.env.nope %>\n")

# mixins
M = "mixins:\n  m:\n    identifier: {name: n, schema: s}\n  k:\n    identifier: {schema: t, database: d}\n  w:\n    identifier: word\n"


def mixed(title, lines, mixins=M, **others):
    case("mixins: " + title, HEAD + lines + mixins, **others)


mixed("one by its name", "    meta: {use_mixins: m}\n")
mixed("one in a list", "    meta: {use_mixins: [m]}\n")
mixed("two", "    meta: {use_mixins: [m, k]}\n")
mixed("two in the other order", "    meta: {use_mixins: [k, m]}\n")
mixed("the same twice", "    meta: {use_mixins: [m, m]}\n")
mixed("under an identifier", "    identifier: {name: own}\n    meta: {use_mixins: [m, k]}\n")
mixed("a word under an identifier", "    identifier: own\n    meta: {use_mixins: w}\n")
mixed("a mapping under a word", "    identifier: own\n    meta: {use_mixins: m}\n")
mixed("a word under a mapping", "    identifier: {name: own}\n    meta: {use_mixins: w}\n")
mixed("a word and a mapping", "    meta: {use_mixins: [w, m]}\n")
mixed("!override of a mapping", "    identifier: !override {name: own}\n    meta: {use_mixins: [m]}\n")
mixed("!override of a word", "    identifier: !override own\n    meta: {use_mixins: [m]}\n")
mixed("!override of a word over a word", "    identifier: !override own\n    meta: {use_mixins: [w]}\n")
mixed("!override of another kind", "    identifier: !override {name: own}\n    meta: {use_mixins: [w]}\n")
mixed("!override without a use", "    identifier: !override {name: own}\n")
mixed("!override without mixins", "    identifier: !override {name: own}\n", "")
mixed("!override inside", "    identifier: {name: own, schema: !override z}\n    meta: {use_mixins: [m]}\n")
mixed("!override in a mixin", "    identifier: {name: own}\n    meta: {use_mixins: [m]}\n", "mixins:\n  m:\n    identifier: !override {name: n, schema: s}\n")
mixed("!override in the second mixin", "    meta: {use_mixins: [m, k]}\n", "mixins:\n  m:\n    identifier: {name: n, schema: s}\n  k:\n    identifier: !override {name: z}\n")
mixed("!override of a list", "    meta: !override {use_mixins: [m]}\n")
mixed("one that is not there", "    meta: {use_mixins: [zz]}\n")
mixed("one that is not there, without mixins", "    meta: {use_mixins: [zz]}\n", "")
mixed("an unknown key", "    meta: {use_mixins: [m]}\n", "mixins:\n  m: {comment: x}\n")
mixed("a type", "    meta: {use_mixins: [m]}\n", "mixins:\n  m: {type: image-repository, identifier: n}\n")
mixed("another type", "    meta: {use_mixins: [m]}\n", "mixins:\n  m: {type: service, identifier: n}\n")
mixed("a meta", "    meta: {use_mixins: [m]}\n", "mixins:\n  m: {meta: {role: r}}\n")
mixed("a meta with other mixins", "    meta: {use_mixins: [m]}\n", "mixins:\n  m: {meta: {use_mixins: [k]}}\n  k: {identifier: n}\n")
mixed("a meta with depends_on", "    meta: {use_mixins: [m], depends_on: [r]}\n", "mixins:\n  m: {meta: {depends_on: [r]}}\n")
mixed("a meta that is a word", "    meta: {use_mixins: [m]}\n", "mixins:\n  m: {meta: x}\n")
mixed("a template", "    meta: {use_mixins: [m]}\n", "mixins:\n  m: {identifier: 'n_<% ctx.env.X %>'}\n" + ENV)
mixed("a template for its name", "    meta: {use_mixins: ['<% ctx.env.X %>']}\n", "mixins:\n  x1: {identifier: n}\n" + ENV)
mixed("one that is empty", "    meta: {use_mixins: [m]}\n", "mixins:\n  m: {}\n")
mixed("one that is nothing", "    meta: {use_mixins: [m]}\n", "mixins:\n  m:\n")
mixed("one that is a word", "    meta: {use_mixins: [m]}\n", "mixins:\n  m: x\n")
mixed("one that is a list", "    meta: {use_mixins: [m]}\n", "mixins:\n  m: [x]\n")
mixed("no mixins at all", "    meta: {use_mixins: [m]}\n", "mixins: {}\n")
mixed("mixins that are nothing", "", "mixins:\n")
mixed("mixins that are a list", "", "mixins: [m]\n")
mixed("mixins that are a word", "    meta: {use_mixins: m}\n", "mixins: m\n")
mixed("a wrong one that is not used", "", "mixins:\n  m: x\n")
mixed("an unknown key that is not used", "", "mixins:\n  m: {nonsense: x}\n")
mixed("an entity without a type", "  s:\n    identifier: x\n", "mixins:\n  m: {identifier: n}\n")
mixed("a type that only the mixin has", "  s:\n    meta: {use_mixins: [m]}\n", "mixins:\n  m: {type: image-repository}\n", entity="s")
case("mixins: in the local file", HEAD + "    meta: {use_mixins: m}\n" + M, local="mixins:\n  m:\n    identifier: {name: local}\n")
case("mixins: !override in the local file", HEAD + "    identifier: {name: own, schema: x}\n    meta: {use_mixins: m}\n" + M,
     local="entities:\n  r:\n    identifier: !override {name: local}\n")


# Intended differences of the plugin
def differs(because, ours, *titles):
    for title in titles:
        found = next(case for case in ALL if case["title"] == title)
        found.update(ours=ours, because=because)


differs("line ends at the end of a value are the writer's", "Specified name 'x' is not valid", "a block of text")
differs("white space at the end of a line is YAML", "x", "a tabulator behind it")
differs("repositories come with version 2", "has no image repositories", "version 1", "version 1.1",
        "templates in version 1")
differs("it is for entities of other types", "r", "meta {action_arguments: x}", "meta {action_arguments: {r: x}}",
        "meta {action_arguments: {r: {a: [b]}}}", "meta {action_arguments: [a]}")
differs("names need whole numbers and plain text", "only ", "template <% 'a\\x41' %><% ctx.env.X %>", "template a<% 1.5 %>",
        "template a<% 1_0 %><% ctx.env.X %>", "template a<% 0x10 %><% ctx.env.X %>")
differs("conditions are refused", "Unexpected template syntax", "template <% if x %>", "template <% fn.concat_ids('a', *ctx.env.X) %>")
differs("an address in memory is no name", "fn.concat_ids is a function", "template <% fn.concat_ids %>")
differs("a long name is cut in sentences", "is not valid name", "template concat_ids of 300")
differs("a mark that changes nothing does no harm", "own", "mixins: !override without mixins")
differs("a mark that changes nothing does no harm", "s.n", "mixins: !override of a list")
differs("the mistake is where the mixin is defined", "must be a mapping", "mixins: one that is nothing",
        "mixins: one that is a word", "mixins: one that is a list")
differs("the entity is named", "has no type", "mixins: a type that only the mixin has")
