// SPDX-License-Identifier: Apache-2.0
#include "ui/wrapped_text.hpp"

#include "support/catch.hpp"

TEST_CASE("sentences are broken at spaces") {
  CHECK(ui::wrapped("Error: this sentence is too long for its line\n", 30) ==
        "Error: this sentence is too\nlong for its line\n");
  CHECK(ui::wrapped("a short one\n", 30) == "a short one\n");
  CHECK(ui::wrapped("one line\n\nand another that is longer than that", 20) ==
        "one line\n\nand another that is\nlonger than that");
  CHECK(ui::wrapped("Wörter mit Umläuten sind kürzer als sie in Bytes sind", 26) ==
        "Wörter mit Umläuten sind\nkürzer als sie in Bytes\nsind");
}

TEST_CASE("a question keeps the space behind it") {
  CHECK(ui::wrapped("May this program ask you? [y/N] ", 20) == "May this program ask\nyou? [y/N] ");
}

TEST_CASE("what is wider than a line is left to the terminal") {
  CHECK(ui::wrapped("see https://example.com/a/very/long/address for more", 24) ==
        "see\nhttps://example.com/a/very/long/address\nfor more");
}

TEST_CASE("what is laid out already stays as it is") {
  for (const char* text :
       {"  indented, and longer than the width is", "two  columns, and longer than the width",
        "\x1b[1mbold\x1b[0m, and longer than the width is"})
    CHECK(ui::wrapped(text, 20) == text);
  CHECK(ui::wrapped("without a width nothing is broken", 0) == "without a width nothing is broken");
}

TEST_CASE("a command in a sentence stays on one line where it fits") {
  CHECK(ui::wrapped("Next: run docker snowflake login -c dev, then push again", 39) ==
        "Next: run\ndocker snowflake login -c dev, then\npush again");
  CHECK(ui::wrapped("Next: docker snowflake connection add dev --account myorg-myacct", 40) ==
        "Next:\ndocker snowflake connection add dev \\\n    --account myorg-myacct");
}

TEST_CASE("a command is broken so that a shell reads it as one") {
  CHECK(ui::wrapped_command("docker snowflake login", 30) == "docker snowflake login");
  CHECK(ui::wrapped_command("docker snowflake login --connection dev", 30) ==
        "docker snowflake login \\\n    --connection dev");
  CHECK(ui::wrapped_command("docker snowflake object create --json '{\"name\": \"repo\"}'", 34) ==
        "docker snowflake object create \\\n    --json '{\"name\": \"repo\"}'");
}
