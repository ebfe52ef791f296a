# SPDX-License-Identifier: Apache-2.0
"""Unusual and invalid config.json files for Docker."""

import itertools

HOST = "myorg-myacct.registry.snowflakecomputing.com"
HELPERS = '{"%s":"a"}' % HOST
VALID = '"credHelpers":' + HELPERS


def odd_configs():
    """Returns {name: bytes}. The helpers in the files are a, b and snowflake."""
    configs = {}

    def add(name, text):
        assert name not in configs, name
        configs[name] = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")

    for name, text in [("empty", ""), ("blank", " \r\n\t"), ("null", "null"), ("null, blank around", "\n null \n"), ("list", "[]"),
                       ("number", "1"), ("string", '"x"'), ("true", "true"), ("object", "{}")]:
        add(name, text)
    for key in ["credHelpers", "CREDHELPERS", "credhelpers", "CredHelpers", "credHelper\u017f", "\\u0063redHelpers", "credHelpers ",
                "cred_helpers", "credhelper", "\u0441redHelpers"]:
        add(f"spelt {key!a}", '{"%s":%s}' % (key, HELPERS))
    for key in ["credsStore", "CREDSSTORE", "cred\u017fStore", "credsstore", "credStore", "credsStore\\u0000"]:
        add(f"spelt {key!a}", '{"%s":"a"}' % key)
    values = {"a": '"a"', "nothing": '""', "null": "null", "number": "1", "true": "true", "object": "{}", "list": '["a"]'}
    for (name, value), store in itertools.product(values.items(), ["", ',"credsStore":"b"']):
        add(f"helper is {name}{', with a store' if store else ''}", '{"credHelpers":{"%s":%s}%s}' % (HOST, value, store))
        add(f"helper is a, then {name}{', with a store' if store else ''}",
            '{"credHelpers":{"%s":"a","%s":%s}%s}' % (HOST, HOST, value, store))
    objects = {"a": HELPERS, "b": HELPERS.replace('"a"', '"b"'), "none": "{}", "other": '{"other.example":"b"}', "null": "null",
               "list": "[]", "string": '"x"'}
    for (one, first), (two, second) in itertools.product(objects.items(), repeat=2):
        add(f"credHelpers: {one}, then {two}", '{"credHelpers":%s,"credHelpers":%s}' % (first, second))
    stores = {"a": '"a"', "nothing": '""', "null": "null", "number": "1", "list": "[]"}
    for (one, first), (two, second) in itertools.product(stores.items(), repeat=2):
        add(f"credsStore: {one}, then {two}", '{"credsStore":%s,"credsStore":%s}' % (first, second))
    auths = {"none": "{}", "mark": '{"%s":{}}' % HOST, "null": "null", "list": "[]", "number entry": '{"other.example":1}',
             "null entry": '{"other.example":null}', "login": '{"other.example":{"auth":"dTpw"}}', "damaged": '{"o":{"auth":"!!"}}',
             "number field": '{"other.example":{"auth":1}}'}
    for (name, value), more in itertools.product(auths.items(), ["", "," + VALID, ',"auths":null', ',"AUTHS":{}']):
        add(f"auths: {name} {more[:12]}", '{"auths":%s%s}' % (value, more))
    for text in ["x", "}", "{}", ",", "//", "\0", "\ufeff", "[", ' {"credHelpers":{}}']:
        add(f"then {text!a}", "{%s}%s" % (VALID, text))
    for text in ["\v", "\f", "\u00a0", "\u2028", "\ufeff", "\0", "//\n", "#\n", ";", " \r\n\t"]:
        add(f"first {text!a}", "%s{%s}" % (text, VALID))
    add("UTF-16", ("{%s}" % VALID).encode("utf-16"))
    for name, content in [("invalid byte", b"\xff"), ("cut character", b"\xc3"), ("surrogate", b"\xed\xa0\x80"), ("escaped surrogate", b"\\ud800"),
                          ("tab", b"\t"), ("line end", b"\n"), ("NUL", b"\0"), ("DEL", b"\x7f"), ("slash", b"\\/"), ("x", b"\\x41"),
                          ("apostrophe", b"\\'"), ("three digits", b"\\u123"), ("capital U", b"\\U00000041"), ("quote", b"\\\"")]:
        add(f"{name} in a string", b'{"other":"%s",%s}' % (content, VALID.encode()))
        add(f"{name} in a key", b'{"%s":1,%s}' % (content, VALID.encode()))
    for number in ["01", "1.", ".5", "+1", "-0", "-", "1e5", "1E+05", "1e", "0x1", "NaN", "Infinity", "True", "nul", "1_000", "1.5.5"]:
        add(f"number {number}", '{"other":%s,%s}' % (number, VALID))
    for text in ["{%s,}", "{,%s}", "{%s", "%s", "{%s]", "{%s;}", "{{%s}}", "{%s,'other':1}", "{%s,other:1}", '{%s,"other"}', '{%s,"other":}',
                 '{%s "other":1}', '{%s,"other":[1,]}', '{%s,"other":[1 2]}', '{%s,"other":[[}]}', '{%s,/**/"other":1}', '{"":{},%s}',
                 '{%s,"other":{"other":{"other":{"other":[{"x":}]}}}}']:
        add(f"form {text}", text.replace("%s", VALID))
    for field, value in [("HttpHeaders", "[]"), ("HttpHeaders", '{"x":1}'), ("psFormat", "1"), ("plugins", '{"x":{"y":true}}'), ("plugins", '{"x":1}'),
                         ("aliases", '"x"'), ("proxies", '{"default":{"httpProxy":1}}'), ("cliPluginsExtraDirs", '"x"'), ("cliPluginsExtraDirs", "[1]"),
                         ("pruneFilters", "{}"), ("experimental", "true"), ("features", '{"x":true}'), ("unknown", "[[[]]]"), ("currentContext", "null")]:
        add(f"{field} is {value}", '{"%s":%s,%s}' % (field, value, VALID))
    for depth in (9_999, 10_000):
        add(f"{depth} deep", '{"other":%s%s,%s}' % ("[" * depth, "]" * depth, VALID))
    return configs
