# SPDX-License-Identifier: Apache-2.0
"""Command lines for the Snowflake CLI and this plugin, with the intended differences."""

import dataclasses
import zlib

from world.user import CONNECTION

NO_DATABASE = CONNECTION.replace('database = "DB"\nschema = "SCHEMA"\n', "")
NO_SCHEMA = CONNECTION.replace('schema = "SCHEMA"\n', 'schema = "NOT_THERE"\n')
PROJECT = 'definition_version: 2\nentities:\n  app_images:\n    type: image-repository\n    identifier: {}\n'


@dataclasses.dataclass
class Case:
    words: str  # what follows "snow spcs", or "snow" for "object"
    config: str = CONNECTION
    more: dict = dataclasses.field(default_factory=dict)  # other files of the home directory
    env: dict = dataclasses.field(default_factory=dict)
    setup: str = ""  # the function of setups.py that changes the fake Snowflake
    differs: str = ""  # why the plugin differs; then only the following fields are checked
    code: int | None = None  # exit status of the plugin
    says: str = ""  # part of its output
    out: str | None = None  # its standard output

    @property
    def name(self):
        files = {**({} if self.config == CONNECTION else {"config.toml": self.config}), **self.more}
        return " | ".join(filter(None, [self.words, self.setup, " ".join(f"{k}={v}" for k, v in self.env.items()),
                                        *(f"{name} {zlib.crc32(content.encode()):08x}" for name, content in files.items())]))


def formats(words, **more):
    return [Case(f"{words} --format {form}", **more) for form in ("TABLE", "json", "JSON_EXT", "CSV", "PLAIN")]


EMPTY_LINK = "an empty host would be Docker Hub to 'docker login'"
UNEXPECTED = "errors are always on stderr"
OWN_SCHEMA = "an unqualified name means the session's schema, also where the server would look further"

CASES = [
    # image-registry
    *formats("image-registry token"),
    *formats("image-registry url"),
    Case("image-registry url", setup="nothing_to_see"),
    Case("image-registry url", setup="public_repositories"),
    Case("image-registry url", setup="no_database_snowflake", differs="a role without the database SNOWFLAKE has an account", code=0,
         out="myorg-myacct.registry.snowflakecomputing.com\n"),
    Case("image-registry url --private-link", differs=EMPTY_LINK, code=1, says="no registry host for private connectivity", out=""),
    Case("image-registry url --private-link", setup="private_link"),
    Case("image-registry url --private-link --format JSON", setup="private_link"),
    Case("image-registry url --private-link", setup="private_link_host_only"),
    Case("image-registry url --private-link", setup="private_link_null", differs=EMPTY_LINK, code=1, out=""),
    Case("image-registry url extra"),
    Case("image-registry nonsense"),
    Case("image-registry token --role READER"),
    Case("image-registry token --role NOBODY"),
    Case("image-registry token", setup="issue_refused"),

    # create
    *formats("image-repository create my_repo"),
    Case("image-repository create my_repo --replace"),
    Case("image-repository create my_repo --if-not-exists"),
    Case("image-repository create REPO --if-not-exists"),
    Case("image-repository create repo --replace"),
    Case("image-repository create repo"),
    Case("image-repository create repo --enhanced-exit-codes"),
    Case("image-repository create db.schema.repo"),
    Case("image-repository create schema.repo"),
    Case("image-repository create db.schema.new_one"),
    Case("image-repository create schema.new_one"),
    Case("image-repository create db.nowhere.new_one"),
    Case("image-repository create db.nowhere.new_one --enhanced-exit-codes"),
    Case("image-repository create db.nowhere.new_one", env={"SNOWFLAKE_ENHANCED_EXIT_CODES": "true"}),
    Case("image-repository create my_repo --replace --if-not-exists"),
    Case("image-repository create my_repo --if-not-exists --replace"),
    Case("image-repository create"),
    Case("image-repository create a b"),
    Case("image-repository create my-repo"),
    Case("image-repository create a.b.c.d"),
    Case("image-repository create '\"quoted\"'"),
    Case("image-repository create 'db.\"s\".x'"),
    Case("image-repository create répo"),
    Case("image-repository create 1repo"),
    Case("image-repository create 'x; drop table y'"),
    Case("image-repository create ''"),
    Case("image-repository create _x$1"),
    Case("image-repository create 'my_repo(abc)'"),
    Case("image-repository create my_repo", config=NO_DATABASE),
    Case("image-repository create db.schema.my_repo", config=NO_DATABASE),
    Case("image-repository create my_repo --database DB --schema SCHEMA", config=NO_DATABASE),
    Case("image-repository create my_repo", config=NO_SCHEMA),
    Case("image-repository create my_repo --role READER"),
    Case("image-repository create my_repo --schema a.b"),
    Case("image-repository create my_repo --nope"),
    Case("image-repository create my_repo --format yaml"),
    Case("image-repository create my_repo --port x"),
    Case("image-repository create my_repo --silent"),
    Case("image-repository create my_repo --silent --format CSV"),
    *[Case("image-repository create my_repo", env={"COLUMNS": str(width)}) for width in (20, 30, 40, 50, 60, 120, 200)],
    *[Case("image-registry token", env={"COLUMNS": str(width)}) for width in (40, 100, 300)],

    # url
    *formats("image-repository url repo", differs=OWN_SCHEMA, code=0),
    Case("image-repository url schema.repo"),
    Case("image-repository url DB.SCHEMA.REPO2"),
    Case("image-repository url db.schema.nope"),
    Case("image-repository url db.schema.nope --enhanced-exit-codes"),
    Case("image-repository url nope", differs=OWN_SCHEMA, code=1, says="Image repository 'DB.SCHEMA.nope' does not exist or not authorized."),
    Case("image-repository url repo", setup="same_name_elsewhere", differs=OWN_SCHEMA, code=0,
         out="myorg-myacct.registry.snowflakecomputing.com/db/schema/repo\n"),
    Case("image-repository url repo", config=NO_DATABASE),
    Case("image-repository url my-repo"),
    Case("image-repository url"),
    Case("image-repository url db.schema.under_score", setup="under_score"),

    # list
    *formats("image-repository list"),
    *formats("image-repository list --like 'REPO2'"),
    *formats("image-repository list --like 'nothing%'"),
    Case("image-repository list -l '%2'"),
    Case("image-repository list --like ''"),
    Case("image-repository list --like \"it's\""),
    Case("image-repository list --like 'a\\\\b'"),
    Case("image-repository list --in schema schema"),
    Case("image-repository list --in database db --format csv"),
    Case("image-repository list --in SCHEMA SCHEMA --format csv"),
    Case("image-repository list --in schema db.schema"),
    Case("image-repository list --in warehouse x"),
    Case("image-repository list --in compute-pool x"),
    Case("image-repository list --in schema"),
    Case("image-repository list --in schema nowhere"),
    Case("image-repository list --in-account --format csv"),
    Case("image-repository list --in-account --in schema schema"),
    Case("image-repository list --terse"),
    Case("image-repository list --limit 1 --format csv"),
    Case("image-repository list --limit x"),
    Case("image-repository list", setup="utc"),
    Case("image-repository list", setup="kolkata"),
    Case("image-repository list --format json", setup="kolkata"),
    *formats("image-repository list", setup="odd_comments"),
    Case("image-repository list --format csv", setup="private_link"),
    Case("image-repository list", setup="many"),
    Case("image-repository list --format csv", setup="many"),
    Case("image-repository list --format json", setup="in_chunks"),
    Case("image-repository list --format csv", setup="slow_statement"),
    Case("image-repository list", config=NO_DATABASE),
    Case("image-repository list -v"),
    Case("image-repository list --verbose --debug"),
    Case("image-repository list --help-me"),

    # list-images
    *formats("image-repository list-images repo"),
    Case("image-repository list-images repo --like 'app%'"),
    Case("image-repository list-images repo -l ''"),
    Case("image-repository list-images db.schema.repo2"),
    Case("image-repository list-images repo2 --format json"),
    Case("image-repository list-images repo2 --format csv"),
    Case("image-repository list-images nope"),
    Case("image-repository list-images nope --enhanced-exit-codes"),
    Case("image-repository list-images 'repo; select 1'"),

    # list-tags
    Case("image-repository list-tags repo --image-name /db/schema/repo/app --format csv", differs=OWN_SCHEMA, code=0,
         says="\n/db/schema/repo/app:1\n"),
    Case("image-repository list-tags schema.repo --image_name /db/schema/repo/app"),
    Case("image-repository list-tags db.schema.repo -i /db/schema/repo/app --format json"),
    Case("image-repository list-tags repo"),

    # drop
    *formats("image-repository drop repo", setup="own_repositories"),
    Case("image-repository drop repo"),
    Case("image-repository drop nope"),
    Case("image-repository drop nope --if-exists"),
    Case("image-repository drop db.schema.repo", setup="own_repositories"),
    Case("image-repository drop '\"q\"'"),
    Case("image-repository drop"),
    Case("image-repository describe repo"),

    # deploy
    *formats("image-repository deploy", more={"snowflake.yml": PROJECT.format("from_file")}),
    Case("image-repository deploy --replace", more={"snowflake.yml": PROJECT.format("repo")}),
    Case("image-repository deploy app_images", more={"snowflake.yml": PROJECT.format("db.schema.from_file")}),
    Case("image-repository deploy other", more={"snowflake.yml": PROJECT.format("x")}),
    Case("image-repository deploy", more={"snowflake.yml": PROJECT.format("repo")}),
    Case("image-repository deploy", more={"snowflake.yml": PROJECT.format("my-repo")}),
    Case("image-repository deploy", more={"snowflake.yml": PROJECT.format("{name: x, schema: schema, database: db}")}),
    Case("image-repository deploy", more={"snowflake.yml": PROJECT.format("{name: x, database: db}")}),
    Case("image-repository deploy", more={"snowflake.yml": PROJECT.format("{name: db.schema.x, schema: s}")}),
    Case("image-repository deploy", more={"snowflake.yml": PROJECT.format("{name: db.schema.x, database: d}")}),
    Case("image-repository deploy", more={"snowflake.yml": PROJECT.format("\"<% ctx.env.WORD %>_x\"") + "env:\n  WORD: filled\n"}),
    Case("image-repository deploy --env WORD=given", more={"snowflake.yml": PROJECT.format("\"<% ctx.env.WORD %>_x\"") + "env:\n  WORD: filled\n"}),
    Case("image-repository deploy", env={"WORD": "variable"},
         more={"snowflake.yml": PROJECT.format("\"<% ctx.env.WORD %>_x\"") + "env:\n  WORD: filled\n"}),
    Case("image-repository deploy", more={"snowflake.yml": PROJECT.format("\"<% ctx.env.UNDEFINED_WORD %>\"")}),
    Case("image-repository deploy", more={"snowflake.yml": PROJECT.format("\"<% ctx.env.A %>\"") + "env:\n  A: <% ctx.env.B %>\n  B: <% ctx.env.A %>\n"},
         differs="either name is in the circle", code=1, says="Cycle detected in template variable ctx.env."),
    Case("image-repository deploy", more={"snowflake.yml": PROJECT.format("\"v<% ctx.definition_version %>\"")}),
    Case("image-repository deploy --env bad", more={"snowflake.yml": PROJECT.format("x")}),
    Case("image-repository deploy", more={"snowflake.yml": PROJECT.format("x"), "snowflake.local.yml": "entities:\n  app_images:\n    identifier: local_one\n"}),
    Case("image-repository deploy", more={"snowflake.yml": "definition_version: 2\nentities:\n  by_id:\n    type: image-repository\n"}),
    Case("image-repository deploy", more={"snowflake.yml": PROJECT.format("x") + "  second:\n    type: image-repository\n"}),
    Case("image-repository deploy second", more={"snowflake.yml": PROJECT.format("x") + "  second:\n    type: image-repository\n"}),
    Case("image-repository deploy", more={"snowflake.yml": "definition_version: 2\nentities: {}\n"}),
    Case("image-repository deploy", more={"snowflake.yml": "definition_version: 2\n"}),
    Case("image-repository deploy", more={"snowflake.yml": "definition_version: 3\n"}),
    Case("image-repository deploy", more={"snowflake.yml": ""}),
    Case("image-repository deploy", more={"snowflake.yml": "definition_version: 1\n"}, differs=UNEXPECTED, code=1, says="definition_version 1 has no image repositories", out=""),
    Case("image-repository deploy", more={"snowflake.yml": "a: [\n"}, differs=UNEXPECTED, code=1, says="snowflake.yml:2: not YAML", out=""),
    Case("image-repository deploy", more={"snowflake.yml": PROJECT.format("x") + "    identifier: y\n"}),
    Case("image-repository deploy", more={"snowflake.yml": PROJECT.format("x") + "    comment: hi\n"}),
    Case("image-repository deploy", more={"snowflake.yml": PROJECT.format("x") + "foo: bar\n"}),
    Case("image-repository deploy", more={"snowflake.yml": "definition_version: 2\nentities:\n  r:\n    identifier: x\n"}),
    Case("image-repository deploy", more={"snowflake.yml": "definition_version: 2\nentities:\n  r:\n    type: image-repo\n"}),
    Case("image-repository deploy", more={"snowflake.yml": PROJECT.format("x") + "    meta:\n      use_mixins: [m]\n"}),
    Case("image-repository deploy", more={"snowflake.yml": "definition_version: 2\nmixins:\n  m:\n    identifier:\n      schema: schema\n      database: db\nentities:\n  r:\n    type: image-repository\n    identifier:\n      name: mixed\n    meta:\n      use_mixins: [m]\n"}),
    Case("image-repository deploy", more={"snowflake.yml": PROJECT.format("x") + "    meta:\n      depends_on: [q]\n"}),
    Case("image-repository deploy -p project", more={"project/snowflake.yml": PROJECT.format("in_folder")}),
    Case("image-repository deploy"),

    # object
    Case("object list image-repository"),
    Case("object list image-repository --format json"),
    Case("object list IMAGE-REPOSITORY --format csv"),
    Case("object list image-repository --like 'REPO2' --in schema schema --format csv"),
    Case("object list foo"),
    Case("object drop image-repository repo", setup="own_repositories"),
    Case("object drop image-repository '\"q\"'"),
    Case("object describe image-repository repo"),
    Case("object nonsense"),

    # connections
    Case("image-repository list --format csv -c dev"),
    Case("image-repository list --format csv --connection other", config=CONNECTION + '[connections.other]\naccount = "myorg-myacct"\nuser = "jane"\npassword = "Correct Horse 1!"\n'),
    Case("image-repository list -c nope"),
    Case("image-repository list -c dev -x"),
    Case("image-repository list -x --account myorg-myacct --user jane --database DB --format csv", env={"SNOWFLAKE_PASSWORD": "Correct Horse 1!"}),
    Case("image-repository list --format csv", env={"SNOWFLAKE_CONNECTIONS_DEV_ROLE": "READER"}),
    Case("image-repository list --format csv", env={"SNOWFLAKE_ROLE": "READER"}),
    Case("image-repository list --format csv --rolename READER"),
    Case("image-repository list --format csv", env={"SNOWFLAKE_DEFAULT_CONNECTION_NAME": "nope"}),
    Case("image-repository list --format csv", config="", env={"SNOWFLAKE_ACCOUNT": "myorg-myacct"}),
    Case("image-repository list --format csv", config=CONNECTION.replace("Correct", "Wrong")),
    Case("image-repository list --format csv", config=CONNECTION.replace("myorg-myacct", "no-such"), differs="what is wrong with the network is said", code=1,
         says="could not resolve the host name no-such.snowflakecomputing.com"),
    Case("image-repository list --format csv", config=CONNECTION.replace('"myorg-myacct"', '"a/b"')),
    Case("image-repository list --format csv", config=CONNECTION.replace('account = "myorg-myacct"\n', "")),
    Case("image-repository list --format csv", config=CONNECTION.replace('user = "jane"\n', ""), differs="one sentence that is always the same", code=1,
         says="251005: User is empty, but it must be provided"),
    Case("image-repository list --format csv", config=CONNECTION.replace('password = "Correct Horse 1!"\n', "")),
    Case("image-repository list --format csv", config=CONNECTION + 'authenticator = "nonsense"\n'),
    Case("image-repository list --format csv", config=CONNECTION + 'private_key_file = "x"\n'),
    Case("image-repository list --format csv", more={".snowflake/connections.toml": CONNECTION.split("\n", 1)[1].replace("[connections.dev]", "[dev]").replace("PUSHER", "READER")}),
    Case("image-repository list --format csv --password 'Correct Horse 1!'", differs="the warning about --password is on stderr", code=0),

    # object create, which uses the REST API
    *formats("object create image-repository name=new_one"),
    Case("object create image-repository name=new_one --if-not-exists"),
    Case("object create image-repository name=repo --if-not-exists"),
    Case("object create image-repository name=repo --replace"),
    Case("object create image-repository name=repo"),
    Case("object create image-repository name=repo --replace --if-not-exists"),
    Case("object create image-repository ' name = spaced '"),
    Case("object create image-repository --json '{\"name\": \"new_one\"}'"),
    Case("object create image-repository name=x --json '{\"name\": \"new_one\"}'"),
    Case("object create image-repository --json nonsense", differs=UNEXPECTED, code=2, says="Invalid value for '--json'"),
    Case("object create image-repository"),
    Case("object create image-repository name"),
    Case("object create image-repository comment=x"),
    Case("object create image-repository name=x comment=y"),
    Case("object create image-repository name=1"),
    Case("object create image-repository name=x --database NOPE", differs="one request finds that out", code=1,
         says="Database not defined in connection. Please try again with `--database` flag."),
    Case("object create image-repository name=x", config=NO_DATABASE),
    Case("object create image-repository name=x", config=NO_SCHEMA),
    Case("object create image-repository name=x --role PUBLIC", differs=UNEXPECTED, code=1, says="403 forbidden: role you are using"),
    Case("object create"),
]
