// SPDX-License-Identifier: Apache-2.0
#include "registry/manifest.hpp"

#include "support/catch.hpp"

namespace {

using plugin::registry::blobs_of_manifest;
using plugin::registry::children_of;
using plugin::registry::StoredManifest;

const std::string one = "sha256:" + std::string(64, '1');
const std::string two_layers = "sha256:" + std::string(64, '2');

StoredManifest manifest(const std::string& bytes, const char* type = plugin::registry::oci_manifest_type) {
  return {bytes, type, "sha256:m"};
}

}  // namespace

TEST_CASE("a digest is sha256 with 64 hexadecimal digits in lower case") {
  CHECK(plugin::registry::is_digest(one));
  CHECK(plugin::registry::digest_of("") ==
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  for (const auto& text : {std::string{}, std::string{"sha256:"}, one + "1", one.substr(0, 70),
                           "sha256:" + std::string(64, 'A'), "sha512:" + std::string(64, '1')})
    CHECK_FALSE(plugin::registry::is_digest(text));
}

TEST_CASE("the blobs of a manifest are its configuration and its layers, without foreign ones") {
  const auto blobs = blobs_of_manifest(manifest(
      R"({"config":{"digest":")" + one + R"(","size":5},"layers":[{"digest":")" + two_layers +
      R"(","size":7,"mediaType":"x+gzip","urls":["https://x"]},{"digest":")" + one +
      R"(","size":9,"mediaType":"application/vnd.docker.image.rootfs.foreign.diff.tar.gzip","urls":["https://x"]}]})"));
  REQUIRE(blobs.size() == 2);
  CHECK(blobs[0].digest == one);
  CHECK(blobs[0].size == 5);
  CHECK(blobs[1].digest == two_layers);
  CHECK(blobs[1].media_type == "x+gzip");
}

TEST_CASE("a layer is foreign by its media type, if it is to be had elsewhere") {
  const std::string foreign = "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip";
  const base::Json urls = base::Json::array({"https://x"});
  CHECK(plugin::registry::is_foreign({{"mediaType", foreign}, {"urls", urls}}));
  CHECK_FALSE(plugin::registry::is_foreign({{"mediaType", foreign}}));
  CHECK_FALSE(plugin::registry::is_foreign({{"mediaType", foreign}, {"urls", base::Json::array()}}));
  CHECK_FALSE(plugin::registry::is_foreign({{"mediaType", "x+gzip"}, {"urls", urls}}));
  CHECK_FALSE(plugin::registry::is_foreign("x"));
}

TEST_CASE("something that is not a manifest is an error") {
  const auto bytes =
      GENERATE(std::string{"{"}, std::string{"{}"}, std::string{"[]"}, std::string{R"({"config":7})"},
               R"({"config":{"digest":")" + one + R"(","size":-1}})",
               R"({"config":{"digest":"sha256:../../etc/passwd","size":1}})",
               R"({"config":{"digest":")" + one + R"(","size":1},"layers":[{"size":1}]})",
               R"({"config":{"digest":")" + one + R"(","size":1},"layers":["x"]})");
  CHECK_THROWS_AS(blobs_of_manifest(manifest(bytes)), base::Error);
}

TEST_CASE("an index has children, and the manifest of an image does not") {
  const std::string bytes =
      R"({"manifests":[{"digest":")" + one + R"(","size":1},{"digest":")" + two_layers + R"(","size":1}]})";
  CHECK(children_of(manifest(bytes, plugin::registry::oci_index_type)) == std::vector{one, two_layers});
  CHECK(children_of(manifest(bytes, plugin::registry::docker_index_type)) == std::vector{one, two_layers});
  CHECK(children_of(manifest(bytes)).empty());
  CHECK_THROWS_AS(children_of(manifest("{", plugin::registry::oci_index_type)), base::Error);
}

TEST_CASE("an entry of an index has a platform, a name, and may be an attestation") {
  const auto json = base::Json::parse(
      R"({"manifests":[
        {"digest":")" +
      one + R"(","size":1,"platform":{"os":"linux","architecture":"arm","variant":"v7"},
         "annotations":{"org.opencontainers.image.ref.name":"1"}},
        {"digest":")" +
      one + R"(","size":1,"platform":{"os":"unknown","architecture":"unknown"}},
        {"digest":")" +
      two_layers + R"(","size":1,"annotations":{
         "vnd.docker.reference.type":"attestation-manifest","io.containerd.image.name":"docker.io/app:1"}}]})");
  const auto entries = plugin::registry::entries_of_index(json, "x");
  REQUIRE(entries.size() == 3);
  CHECK(entries[0].platform == "linux/arm/v7");
  CHECK(entries[0].name == "1");
  CHECK_FALSE(entries[0].is_attestation);
  CHECK(entries[1].is_attestation);
  CHECK(entries[2].is_attestation);
  CHECK(entries[2].platform.empty());
  CHECK(entries[2].name == "docker.io/app:1");
}

TEST_CASE("a configuration has the diffIDs of the layers, and the platform") {
  const std::string config = R"({"os":"linux","architecture":"amd64","rootfs":{"diff_ids":[")" + one +
                             R"(",7,"x",")" + two_layers + R"("]}})";
  CHECK(plugin::registry::diff_ids_of(config) == std::vector{one, two_layers});
  CHECK(plugin::registry::platform_of(config) == "linux/amd64");
  CHECK(plugin::registry::diff_ids_of("nothing").empty());
  CHECK(plugin::registry::platform_of("[]").empty());
}

TEST_CASE("a media type is two names with a slash between them") {
  using plugin::registry::is_media_type;
  for (const char* type : {plugin::registry::docker_manifest_type, plugin::registry::oci_index_type, "a/b+c"})
    CHECK(is_media_type(type));
  for (const char* text :
       {"", "manifest", "/b", "a/", "a/b/c", "a/b; charset=utf-8", "a/b c", "a/b\r\nX: y", "\x1b/b"})
    CHECK_FALSE(is_media_type(text));
}
