// SPDX-License-Identifier: Apache-2.0
#include "push/image.hpp"

#include <map>

#include "base/file_change.hpp"
#include "support/catch.hpp"
#include "support/fakes.hpp"

namespace {

using plugin::push::ImageSelection;
using plugin::push::read_contents;
using plugin::registry::digest_of;

/// The files of an image, in a directory.
class ImageDirectory {
public:
  std::unique_ptr<plugin::push::ImageFiles> files() const {
    return plugin::push::files_of_directory(directory_.path());
  }
  void write(const std::string& name, const std::string& bytes) const {
    const auto file = directory_.path() / name;
    std::filesystem::create_directories(file.parent_path());
    base::write_file(file, bytes);
  }
  /// Stores a blob of a layout. Returns a descriptor of it.
  base::Json blob(const std::string& bytes, const std::string& media_type) const {
    const auto digest = digest_of(bytes);
    write("blobs/sha256/" + digest.substr(7), bytes);
    return {{"mediaType", media_type}, {"digest", digest}, {"size", bytes.size()}};
  }
  base::Json image(const std::string& layer, const std::string& architecture = "amd64",
                   const std::string& layer_type = "application/vnd.oci.image.layer.v1.tar+gzip") const {
    const base::Json config{{"os", "linux"},
                            {"architecture", architecture},
                            {"rootfs", {{"diff_ids", base::Json::array({digest_of("plain " + layer)})}}}};
    const base::Json manifest{{"schemaVersion", 2},
                              {"config", blob(config.dump(), "application/vnd.oci.image.config.v1+json")},
                              {"layers", base::Json::array({blob(layer, layer_type)})}};
    auto descriptor = blob(manifest.dump(), plugin::registry::oci_manifest_type);
    descriptor["platform"] = {{"os", "linux"}, {"architecture", architecture}};
    return descriptor;
  }
  void index(const base::Json& entries) const {
    write("index.json", base::Json{{"schemaVersion", 2}, {"manifests", entries}}.dump());
  }
  void archive(const base::Json& manifest) const { write("manifest.json", manifest.dump()); }

private:
  fakes::TemporaryDirectory directory_;
};

base::Json named(base::Json descriptor, const std::string& name) {
  descriptor["annotations"] = {{"org.opencontainers.image.ref.name", name}};
  return descriptor;
}

std::string config_text(const std::vector<std::string>& layers) {
  base::Json diff_ids = base::Json::array();
  for (const auto& layer : layers) diff_ids.push_back(digest_of(layer));
  return base::Json{{"os", "linux"}, {"architecture", "arm64"}, {"rootfs", {{"diff_ids", diff_ids}}}}.dump();
}

}  // namespace

TEST_CASE("an image of a layout is read unchanged") {
  const ImageDirectory directory;
  const auto image = directory.image("layer");
  directory.index(base::Json::array({image}));
  const auto contents = read_contents(*directory.files(), {});
  REQUIRE(contents.images.size() == 1);
  const auto& found = contents.images[0];
  CHECK(found.manifest.digest == image["digest"].get<std::string>());
  CHECK(found.manifest.media_type == plugin::registry::oci_manifest_type);
  CHECK(found.platform == "linux/amd64");
  REQUIRE(found.layers.size() == 1);
  CHECK(found.layers[0].bytes.text() == "layer");
  CHECK(found.layers[0].diff_id == digest_of("plain layer"));
  CHECK_FALSE(found.layers[0].compress);
  CHECK(contents.indexes.empty());
}

TEST_CASE("one of several images of a layout is selected by its name") {
  const ImageDirectory directory;
  const auto first = directory.image("first");
  const auto second = directory.image("second");
  directory.index(base::Json::array({named(first, "registry.example/app:1"), named(second, "2")}));
  ImageSelection selection;
  SECTION("by all of it, or by its end") {
    selection.name = GENERATE("registry.example/app:1", "app:1", "1");
    CHECK(read_contents(*directory.files(), selection).images[0].manifest.digest ==
          first["digest"].get<std::string>());
  }
  SECTION("not by a part of a word, and not by none") {
    selection.name = GENERATE("pp:1", "app", "", "3");
    CHECK_THROWS_AS(read_contents(*directory.files(), selection), base::Error);
  }
}

TEST_CASE("the selected platform of an index is read, or all of it") {
  const ImageDirectory directory;
  const auto amd64 = directory.image("a");
  const auto arm64 = directory.image("b", "arm64");
  const base::Json manifests = base::Json::array({arm64, amd64});
  const auto index = directory.blob(base::Json{{"schemaVersion", 2}, {"manifests", manifests}}.dump(),
                                    plugin::registry::oci_index_type);
  directory.index(base::Json::array({index}));
  ImageSelection selection;
  const auto digest_of_only = [&] {
    const auto contents = read_contents(*directory.files(), selection);
    REQUIRE(contents.images.size() == 1);
    CHECK(contents.notes.size() == 1);
    return contents.images[0].manifest.digest;
  };
  CHECK(digest_of_only() == amd64["digest"].get<std::string>());
  selection.platform = "linux/arm64";
  CHECK(digest_of_only() == arm64["digest"].get<std::string>());
  selection.platform = "linux/s390x";
  CHECK_THROWS_AS(read_contents(*directory.files(), selection), base::Error);
  selection.platform.reset();
  selection.all_platforms = true;
  const auto contents = read_contents(*directory.files(), selection);
  CHECK(contents.images.size() == 2);
  REQUIRE(contents.indexes.size() == 1);
  CHECK(contents.indexes[0].digest == index["digest"].get<std::string>());
}

TEST_CASE("a layout need not have all images that its index lists") {
  const ImageDirectory directory;
  const auto arm64 = directory.image("b", "arm64");
  auto amd64 = arm64;
  amd64["digest"] = digest_of("elsewhere");
  amd64["platform"]["architecture"] = "amd64";
  const auto index = directory.blob(base::Json{{"manifests", base::Json::array({amd64, arm64})}}.dump(),
                                    plugin::registry::oci_index_type);
  directory.index(base::Json::array({index}));
  ImageSelection selection;
  selection.platform = "linux/arm64";
  CHECK(read_contents(*directory.files(), selection).images[0].platform == "linux/arm64");
  selection.platform = GENERATE(std::optional<std::string>{}, "linux/amd64");
  try {
    read_contents(*directory.files(), selection);
    FAIL("nothing was thrown");
  } catch (const base::Error& error) {
    CHECK(std::string{error.what()}.ends_with("has no image for linux/amd64"));
    CHECK(error.hint() == "it has: linux/arm64; choose with --platform");
  }
  selection.all_platforms = true;
  CHECK_THROWS_AS(read_contents(*directory.files(), selection), base::Error);
}

TEST_CASE("an image with several names is one image") {
  const ImageDirectory directory;
  const auto image = directory.image("layer");
  directory.index(base::Json::array({named(image, "app:1"), named(image, "app:latest")}));
  CHECK(read_contents(*directory.files(), {}).images.size() == 1);
}

TEST_CASE("an archive is read whatever the user calls its format") {
  const ImageDirectory directory;
  directory.write("config.json", config_text({"layer"}));
  directory.write("layer.tar", "layer");
  directory.archive(
      base::Json::array({{{"Config", "config.json"}, {"Layers", base::Json::array({"layer.tar"})}}}));
  ImageSelection selection;
  selection.format = ImageSelection::Format::oci;
  CHECK(read_contents(*directory.files(), selection).images.size() == 1);
}

TEST_CASE("an image of schema 1 is named as such") {
  const ImageDirectory directory;
  const base::Json old{{"schemaVersion", 1}, {"fsLayers", base::Json::array()}};
  directory.index(base::Json::array(
      {directory.blob(old.dump(), "application/vnd.docker.distribution.manifest.v1+prettyjws")}));
  CHECK_THROWS_WITH(read_contents(*directory.files(), {}), Catch::Matchers::EndsWith("(schema 1)"));
}

TEST_CASE("indexes that list themselves, or are nested too deeply, are an error") {
  const ImageDirectory directory;
  auto entry = directory.image("layer");
  for (int depth = 0; depth < 6; ++depth)
    entry = directory.blob(base::Json{{"manifests", base::Json::array({entry})}}.dump(),
                           plugin::registry::oci_index_type);
  directory.index(base::Json::array({entry}));
  CHECK_THROWS_AS(read_contents(*directory.files(), {}), base::Error);
}

TEST_CASE("a layout is damaged when a blob is missing, or has other bytes") {
  const ImageDirectory directory;
  const auto image = directory.image("layer");
  directory.index(base::Json::array({image}));
  const auto manifest = "blobs/sha256/" + image["digest"].get<std::string>().substr(7);
  const auto layer = "blobs/sha256/" + digest_of("layer").substr(7);
  SECTION("a manifest of other bytes") { directory.write(manifest, "{}"); }
  SECTION("a layer of another size") { directory.write(layer, "longer layer"); }
  CHECK_THROWS_AS(read_contents(*directory.files(), {}), base::Error);
}

TEST_CASE("zstd layers are read with a warning") {
  const ImageDirectory directory;
  directory.index(
      base::Json::array({directory.image("z", "amd64", "application/vnd.oci.image.layer.v1.tar+zstd")}));
  const auto contents = read_contents(*directory.files(), {});
  REQUIRE(contents.notes.size() == 1);
  CHECK(contents.notes[0].starts_with("Warning: "));
}

TEST_CASE("uncompressed layers of an archive are to be compressed") {
  const ImageDirectory directory;
  const std::string gzip = "\x1f\x8b layer";
  const std::string zstd = "\x28\xb5\x2f\xfd layer";
  const auto config = config_text({"plain layer", gzip, zstd});
  directory.write("config.json", config);
  directory.write("1/layer.tar", "plain layer");
  directory.write("2/layer.tar", gzip);
  directory.write("3/layer.tar", zstd);
  directory.archive(
      base::Json::array({{{"Config", "config.json"},
                          {"RepoTags", base::Json::array({"app:1"})},
                          {"Layers", base::Json::array({"1/layer.tar", "2/layer.tar", "3/layer.tar"})}}}));
  const auto contents = read_contents(*directory.files(), {});
  REQUIRE(contents.images.size() == 1);
  const auto& image = contents.images[0];
  CHECK(image.platform == "linux/arm64");
  CHECK(image.config.descriptor.digest == digest_of(config));
  CHECK(image.manifest.bytes.empty());
  REQUIRE(image.layers.size() == 3);
  CHECK(image.layers[0].compress);
  CHECK(image.layers[0].diff_id == digest_of("plain layer"));
  CHECK_FALSE(image.layers[1].compress);
  CHECK_FALSE(image.layers[2].compress);
  CHECK(image.layers[2].descriptor.media_type.ends_with("zstd"));
}

TEST_CASE("an archive whose parts do not match is an error") {
  const ImageDirectory directory;
  directory.write("config.json", config_text({"a", "b"}));
  directory.write("layer.tar", "a");
  const auto layers =
      GENERATE(base::Json::array({"layer.tar"}), base::Json::array({"layer.tar", "missing.tar"}),
               base::Json::array({"layer.tar", 7}));
  const auto config = GENERATE("config.json", "missing.json", "../config.json");
  directory.archive(base::Json::array({{{"Config", config}, {"Layers", layers}}}));
  CHECK_THROWS_AS(read_contents(*directory.files(), {}), base::Error);
}

TEST_CASE("of files that are both layout and archive, compressed layers are preferred") {
  const ImageDirectory directory;
  const bool compressed = GENERATE(true, false);
  const std::string type = "application/vnd.oci.image.layer.v1.tar";
  const auto image = directory.image("layer", "amd64", compressed ? type + "+gzip" : type);
  directory.index(base::Json::array({image}));
  directory.write("config.json", config_text({"layer"}));
  directory.archive(
      base::Json::array({{{"Config", "config.json"},
                          {"Layers", base::Json::array({"blobs/sha256/" + digest_of("layer").substr(7)})}}}));
  const auto contents = read_contents(*directory.files(), {});
  REQUIRE(contents.images.size() == 1);
  CHECK(contents.images[0].layers[0].compress == !compressed);
}

TEST_CASE("the manifest made from blobs is byte for byte that of Docker") {
  plugin::push::Image image;
  image.config.descriptor = {"application/vnd.docker.container.image.v1+json", "sha256:c", 3};
  plugin::push::Blob layer;
  layer.descriptor = {"application/vnd.docker.image.rootfs.diff.tar.gzip", "sha256:l", 4};
  image.layers.push_back(layer);
  const auto manifest = plugin::push::docker_manifest(image);
  CHECK(manifest.bytes == R"({
   "schemaVersion": 2,
   "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
   "config": {
      "mediaType": "application/vnd.docker.container.image.v1+json",
      "size": 3,
      "digest": "sha256:c"
   },
   "layers": [
      {
         "mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip",
         "size": 4,
         "digest": "sha256:l"
      }
   ]
})");
  CHECK(manifest.digest == digest_of(manifest.bytes));
}
