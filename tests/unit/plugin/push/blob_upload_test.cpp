// SPDX-License-Identifier: Apache-2.0
#include "push/blob_upload.hpp"

#include "support/catch.hpp"
#include "support/fakes.hpp"

namespace {

using namespace std::chrono_literals;
using plugin::push::Abilities;
using plugin::push::BlobUpload;
using plugin::push::UploadState;
using plugin::registry::Persistence;
using plugin::registry::Reply;
using Step = BlobUpload::Step;

constexpr std::uint64_t mib = 1U << 20;

Reply reply(int status, const std::string& location = {}, std::optional<std::uint64_t> received = {}) {
  Reply result;
  result.status = status;
  result.location = location;
  result.received = received;
  return result;
}

Reply refusal(int status, const std::string& code) {
  auto result = reply(status);
  result.code = code;
  return result;
}

struct BlobUploadFixture {
  Abilities abilities;
  BlobUpload::Time now{};
  BlobUpload upload;

  explicit BlobUploadFixture(std::uint64_t size = 40 * mib, std::optional<UploadState> saved = {},
                             const std::string& mount_from = {})
      : upload({"sha256:d", size, mount_from}, abilities, std::move(saved), now) {}

  Persistence::Pause take(const Reply& answer) { return upload.take(answer, now, 0); }
  /// To the second chunk of 16 MiB.
  void send_first_chunk() {
    take(reply(404));
    take(reply(202, "s1"));
    take(reply(202, "s2", 16 * mib));
  }
  base::Error error_of(const Reply& answer) {
    return fakes::error_of([&] { take(answer); });
  }
};

}  // namespace

TEST_CASE("a blob goes up in chunks, each at the newest Location") {
  BlobUploadFixture f;
  CHECK(f.upload.step() == Step::head);
  f.take(reply(404));
  CHECK(f.upload.step() == Step::post);
  f.take(reply(202, "s1"));
  CHECK(f.upload.step() == Step::patch);
  CHECK(f.upload.length() == 16 * mib);
  f.take(reply(202, "s2", 16 * mib));
  CHECK(f.upload.location() == "s2");
  CHECK(f.upload.offset() == 16 * mib);
  f.take(reply(201, "s3", 32 * mib));  // as ECR says it
  CHECK(f.upload.length() == 8 * mib);
  f.take(reply(202, "s4", 40 * mib));
  CHECK(f.upload.step() == Step::put);
  f.take(reply(201));
  CHECK(f.upload.step() == Step::done);
  CHECK(f.upload.result() == BlobUpload::Result::uploaded);
}

TEST_CASE("what the registry has is not sent") {
  BlobUploadFixture f;
  f.take(reply(200));
  CHECK(f.upload.step() == Step::done);
  CHECK(f.upload.result() == BlobUpload::Result::exists);
}

TEST_CASE("a mount that the registry does not make becomes an upload") {
  SECTION("made") {
    BlobUploadFixture f{mib, {}, "db/schema/repo/other"};
    f.take(reply(404));
    CHECK(f.upload.mount_from() == "db/schema/repo/other");
    f.take(reply(201));
    CHECK(f.upload.result() == BlobUpload::Result::mounted);
  }
  SECTION("an ordinary session") {
    BlobUploadFixture f{mib, {}, "db/schema/repo/other"};
    f.take(reply(404));
    f.take(reply(202, "s1"));
    CHECK(f.upload.step() == Step::patch);
    CHECK(f.upload.mount_from().empty());
  }
  SECTION("the other image may not be read") {
    BlobUploadFixture f{mib, {}, "db/schema/repo/other"};
    f.take(reply(404));
    f.take(refusal(403, "DENIED"));
    CHECK(f.upload.step() == Step::post);
    CHECK(f.upload.mount_from().empty());
    CHECK(f.error_of(refusal(403, "DENIED")).kind() == base::Kind::denied);
  }
}

TEST_CASE("after a broken connection the registry says where it is") {
  BlobUploadFixture f;
  f.send_first_chunk();
  const auto pause = f.take(reply(0));
  CHECK(pause.renewal == Persistence::Renewal::bearer);
  CHECK(pause.wait > 0ms);
  CHECK(f.upload.step() == Step::status);
  SECTION("with a part of the chunk") {
    f.take(reply(204, "s3", 20 * mib));
    CHECK(f.upload.step() == Step::patch);
    CHECK(f.upload.offset() == 20 * mib);
    CHECK(f.upload.location() == "s3");
  }
  SECTION("without a session: from the beginning") {
    f.take(reply(404));
    CHECK(f.upload.step() == Step::post);
    CHECK(f.upload.offset() == 0);
  }
  SECTION("with everything") {
    f.take(reply(204, "", 40 * mib));
    CHECK(f.upload.step() == Step::put);
  }
  SECTION("with more than there is") {
    f.take(reply(204, "", 41 * mib));
    CHECK(f.upload.step() == Step::post);
  }
}

TEST_CASE("a refused token is renewed, and then the session token, and the same chunk is sent again") {
  BlobUploadFixture f;
  f.send_first_chunk();
  CHECK(f.take(reply(401)).renewal == Persistence::Renewal::bearer);
  CHECK(f.upload.step() == Step::patch);
  CHECK(f.upload.offset() == 16 * mib);
  CHECK(f.take(reply(401)).renewal == Persistence::Renewal::session_token);
  CHECK(f.take(reply(401)).renewal == Persistence::Renewal::bearer);
  f.take(reply(401));
  f.take(reply(401));
  CHECK(f.error_of(reply(401)).kind() == base::Kind::denied);
}

TEST_CASE("a token that is good and not for this is no reason to go on") {
  BlobUploadFixture f;
  auto answer = reply(401);
  answer.insufficient_scope = true;
  f.take(answer);
  f.take(answer);
  const auto error = f.error_of(answer);
  CHECK(error.kind() == base::Kind::denied);
  CHECK(error.hint().empty());
}

TEST_CASE("a denied push, or a repository that is not there, is never tried again") {
  for (const auto& answer : {refusal(403, "DENIED"), refusal(404, "NAME_UNKNOWN"), refusal(401, "DENIED")}) {
    BlobUploadFixture f;
    f.take(reply(404));
    CHECK(f.error_of(answer).kind() == base::Kind::denied);
  }
}

TEST_CASE("a HEAD without an answer is asked again: only 404 means absent") {
  BlobUploadFixture f;
  for (const int status : {0, 500, 503, 429}) {
    f.take(reply(status));
    CHECK(f.upload.step() == Step::head);
  }
}

TEST_CASE("what takes no chunks gets one body") {
  SECTION("refused") {
    for (const int status : {405, 415, 501}) {
      BlobUploadFixture f;
      f.take(reply(404));
      f.take(reply(202, "s1"));
      f.take(reply(status));
      CHECK(f.upload.step() == Step::post);
      f.take(reply(202, "s2"));
      CHECK(f.upload.step() == Step::put_whole);
      CHECK(f.upload.length() == 40 * mib);
      CHECK_FALSE(f.abilities.chunks);
    }
  }
  SECTION("it says yes and takes nothing") {
    BlobUploadFixture f;
    f.send_first_chunk();
    f.take(reply(201, "s3", 16 * mib));
    CHECK(f.upload.step() == Step::post);
    f.take(reply(202, "s4"));
    CHECK(f.upload.step() == Step::put_whole);
  }
  SECTION("it knows no session that it has just made") {
    BlobUploadFixture f;
    f.take(reply(404));
    for (int i = 0; i < 3; ++i) {
      f.take(reply(202, "s"));
      f.take(reply(404));
    }
    f.take(reply(202, "s"));
    CHECK(f.upload.step() == Step::put_whole);
  }
}

TEST_CASE("a chunk that is too large is halved, until it is small") {
  BlobUploadFixture f;
  f.take(reply(404));
  f.take(reply(202, "s1"));
  for (const std::uint64_t size : {16U, 8U, 4U, 2U, 1U}) {
    CHECK(f.upload.length() == size * mib);
    f.take(reply(413));
  }
  CHECK_FALSE(f.abilities.chunks);
}

TEST_CASE("chunks are not smaller than the registry wants them") {
  BlobUploadFixture f{100 * mib};
  f.take(reply(404));
  auto answer = reply(202, "s1");
  answer.min_chunk = 32 * mib;
  f.take(answer);
  CHECK(f.upload.length() == 32 * mib);
}

TEST_CASE("bytes that were appended twice make the upload begin again") {
  BlobUploadFixture f;
  f.send_first_chunk();
  f.take(reply(202, "s3", 39 * mib));
  CHECK(f.upload.step() == Step::post);
  CHECK(f.upload.offset() == 0);
}

TEST_CASE("HEAD tells what became of a PUT whose answer was lost") {
  BlobUploadFixture f{mib};
  f.take(reply(404));
  f.take(reply(202, "s1"));
  f.take(reply(202, "s2", mib));
  const auto answer = GENERATE(0, 404, 502);
  f.take(reply(answer));
  CHECK(f.upload.step() == Step::head);
  SECTION("it was stored") {
    f.take(reply(200));
    CHECK(f.upload.result() == BlobUpload::Result::uploaded);
  }
  SECTION("it was not") {
    f.take(reply(404));
    CHECK(f.upload.step() != Step::head);
    CHECK(f.upload.step() != Step::done);
  }
}

TEST_CASE("chunks that became something else are sent as one body, once") {
  BlobUploadFixture f{mib};
  f.take(reply(404));
  f.take(reply(202, "s1"));
  f.take(reply(202, "s2", mib));
  f.take(refusal(400, "DIGEST_INVALID"));
  f.take(reply(202, "s3"));
  CHECK(f.upload.step() == Step::put_whole);
  CHECK(f.error_of(refusal(400, "DIGEST_INVALID")).kind() == base::Kind::network);
}

TEST_CASE("an upload of an earlier run is continued where the registry says") {
  BlobUploadFixture f{40 * mib, UploadState{"old", 16 * mib}};
  f.take(reply(404));
  CHECK(f.upload.step() == Step::status);
  CHECK(f.upload.location() == "old");
  SECTION("it is there") {
    f.take(reply(204, "new", 16 * mib));
    CHECK(f.upload.step() == Step::patch);
    CHECK(f.upload.resumed_at() == 16 * mib);
  }
  SECTION("it was purged") {
    f.take(reply(404));
    CHECK(f.upload.step() == Step::post);
    CHECK(f.upload.resumed_at() == 0);
  }
}

TEST_CASE("an upload of an earlier run is continued while its bytes are made again") {
  Abilities abilities;
  BlobUpload::Time now{};
  BlobUpload upload{{}, abilities, UploadState{"old", 16 * mib}, now};
  const auto take = [&](const Reply& answer) { upload.take(answer, now, 0); };
  REQUIRE(upload.step() == Step::status);
  SECTION("the registry has more than what was made so far") {
    upload.grow(16 * mib);
    take(reply(204, "new", 20 * mib));
    CHECK(upload.step() == Step::patch);
    CHECK(upload.offset() == 20 * mib);
    upload.grow(21 * mib);
    upload.complete("sha256:d");
    CHECK(upload.length() == mib);
    take(reply(202, "newer", 21 * mib));
    CHECK(upload.step() == Step::put);
  }
  SECTION("they were other bytes") {
    take(reply(204, "new", 20 * mib));
    upload.grow(18 * mib);
    upload.complete("sha256:d");
    CHECK(upload.step() == Step::post);
    CHECK(upload.location().empty());
  }
  SECTION("the registry has forgotten it") {
    take(reply(404));
    CHECK(upload.step() == Step::post);
  }
}

TEST_CASE("an upload goes on for days while bytes advance, and ends after five minutes without") {
  BlobUploadFixture f{100 * 16 * mib};
  f.send_first_chunk();
  for (std::uint64_t chunk = 2; chunk < 50; ++chunk) {
    f.now += 4min;
    f.take(reply(0));
    f.take(reply(204, "s", chunk * 16 * mib));
  }
  f.now += 4min;
  f.take(reply(0));
  f.take(reply(204, "s", 49 * 16 * mib));
  f.now += 4min;
  f.take(reply(0));
  f.take(reply(204, "s", 49 * 16 * mib));
  f.now += 2min;
  CHECK(f.error_of(reply(0)).kind() == base::Kind::network);
}

TEST_CASE("a chunk that takes longer than five minutes and is cut is no standstill") {
  BlobUploadFixture f;
  f.send_first_chunk();
  f.now += 10min;
  f.take(reply(0));
  CHECK(f.upload.step() == Step::status);
}

TEST_CASE("chunks grow on a fast line, and shrink on a slow one") {
  BlobUploadFixture f{1000 * mib};
  f.send_first_chunk();
  CHECK(f.upload.length() == 16 * mib);
  f.take(reply(202, "s", 32 * mib));
  CHECK(f.upload.length() == 32 * mib);
  f.take(reply(202, "s", 64 * mib));
  f.take(reply(202, "s", 96 * mib));
  CHECK(f.upload.length() == 64 * mib);
  f.take(reply(202, "s", 160 * mib));
  f.take(reply(202, "s", 224 * mib));
  CHECK(f.upload.length() == 64 * mib);
  f.now += 25s;
  f.take(reply(202, "s", 288 * mib));
  CHECK(f.upload.length() == 32 * mib);
}

TEST_CASE("a blob whose bytes are still arriving gets its digest at the end") {
  Abilities abilities;
  BlobUpload upload{{"", 0, ""}, abilities, {}, {}};
  const auto take = [&](const Reply& answer) { upload.take(answer, {}, 0); };
  CHECK(upload.step() == Step::post);
  take(reply(202, "s1"));
  CHECK(upload.step() == Step::patch);
  CHECK(upload.length() == 0);
  upload.grow(20 * mib);
  CHECK(upload.length() == 16 * mib);
  take(reply(202, "s2", 16 * mib));
  take(reply(202, "s3", 20 * mib));
  CHECK(upload.step() == Step::patch);
  SECTION("nothing is left to send") {
    upload.complete("sha256:d");
    CHECK(upload.step() == Step::put);
  }
  SECTION("a last chunk") {
    upload.grow(21 * mib);
    upload.complete("sha256:d");
    CHECK(upload.length() == mib);
    take(reply(202, "s4", 21 * mib));
    CHECK(upload.step() == Step::put);
  }
}

TEST_CASE("waits grow, and are as long as the registry asks") {
  BlobUploadFixture f;
  CHECK(f.take(reply(503)).wait == 500ms);
  CHECK(f.take(reply(503)).wait == 1s);
  CHECK(f.take(reply(503)).wait == 2s);
  auto answer = reply(429);
  answer.retry_after = 17s;
  CHECK(f.take(answer).wait == 17s);
}

TEST_CASE("waits that the registry asks for are no standstill, up to an hour of them") {
  BlobUploadFixture f;
  auto busy = reply(429);
  SECTION("one long wait") {
    busy.retry_after = 600s;
    f.take(busy);
    f.now += 600s;
    f.take(reply(503));
    f.now += 4min;
    f.take(reply(503));
    f.now += 1min;
    CHECK(f.error_of(reply(503)).kind() == base::Kind::network);
  }
  SECTION("many short ones") {
    busy.retry_after = 60s;
    for (int minute = 0; minute < 65; ++minute) {
      f.take(busy);
      f.now += 1min;
    }
    CHECK(f.error_of(busy).kind() == base::Kind::network);
  }
}

TEST_CASE("an empty blob needs no chunk") {
  BlobUploadFixture f{0};
  f.take(reply(404));
  f.take(reply(202, "s1"));
  CHECK(f.upload.step() == Step::put);
}

TEST_CASE("the header Range tells how many bytes are there") {
  const auto received = [](const std::string& range) {
    return Reply::of(net::HttpResponse{202, {{"range", range}}, {}}).received;
  };
  CHECK(received("0-499") == 500U);
  CHECK(received("bytes=0-499") == 500U);
  CHECK(received("0-0") == 0U);
  for (const char* range : {"", "5-9", "0-", "0-x", "-9", "0--1", "0-99999999999999999999"}) {
    CAPTURE(range);
    CHECK_FALSE(received(range));
  }
}
