// SPDX-License-Identifier: Apache-2.0
#include "push/blob_upload.hpp"

#include "support/catch.hpp"
#include "support/fakes.hpp"

namespace {

using namespace std::chrono_literals;
using plugin::push::BlobUpload;
using plugin::push::RegistryAbilities;
using plugin::push::UploadState;
using plugin::registry::Reply;
using plugin::registry::RetryState;
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
  RegistryAbilities abilities;
  BlobUpload::Time now{};
  BlobUpload upload;

  explicit BlobUploadFixture(std::uint64_t size = 40 * mib, std::optional<UploadState> saved = {},
                             const std::string& mount_from = {})
      : upload({"sha256:d", size, mount_from}, abilities, std::move(saved), now) {}

  RetryState::Backoff reply_with(const Reply& answer) { return upload.on_reply(answer, now, 0); }
  /// To the second chunk of 16 MiB.
  void send_first_chunk() {
    reply_with(reply(404));
    reply_with(reply(202, "s1"));
    reply_with(reply(202, "s2", 16 * mib));
  }
  base::Error error_of(const Reply& answer) {
    return fakes::error_of([&] { reply_with(answer); });
  }
};

}  // namespace

TEST_CASE("a blob is uploaded in chunks, each to the newest Location") {
  BlobUploadFixture f;
  CHECK(f.upload.step() == Step::head);
  f.reply_with(reply(404));
  CHECK(f.upload.step() == Step::post);
  f.reply_with(reply(202, "s1"));
  CHECK(f.upload.step() == Step::patch);
  CHECK(f.upload.length() == 16 * mib);
  f.reply_with(reply(202, "s2", 16 * mib));
  CHECK(f.upload.location() == "s2");
  CHECK(f.upload.offset() == 16 * mib);
  f.reply_with(reply(201, "s3", 32 * mib));  // ECR sends 201
  CHECK(f.upload.length() == 8 * mib);
  f.reply_with(reply(202, "s4", 40 * mib));
  CHECK(f.upload.step() == Step::put);
  f.reply_with(reply(201));
  CHECK(f.upload.step() == Step::done);
  CHECK(f.upload.result() == BlobUpload::Result::uploaded);
}

TEST_CASE("a blob that the registry has is not sent") {
  BlobUploadFixture f;
  f.reply_with(reply(200));
  CHECK(f.upload.step() == Step::done);
  CHECK(f.upload.result() == BlobUpload::Result::exists);
}

TEST_CASE("a mount that the registry refuses becomes an upload") {
  SECTION("made") {
    BlobUploadFixture f{mib, {}, "db/schema/repo/other"};
    f.reply_with(reply(404));
    CHECK(f.upload.mount_from() == "db/schema/repo/other");
    f.reply_with(reply(201));
    CHECK(f.upload.result() == BlobUpload::Result::mounted);
  }
  SECTION("an ordinary session") {
    BlobUploadFixture f{mib, {}, "db/schema/repo/other"};
    f.reply_with(reply(404));
    f.reply_with(reply(202, "s1"));
    CHECK(f.upload.step() == Step::patch);
    CHECK(f.upload.mount_from().empty());
  }
  SECTION("the other image may not be read") {
    BlobUploadFixture f{mib, {}, "db/schema/repo/other"};
    f.reply_with(reply(404));
    f.reply_with(refusal(403, "DENIED"));
    CHECK(f.upload.step() == Step::post);
    CHECK(f.upload.mount_from().empty());
    CHECK(f.error_of(refusal(403, "DENIED")).kind() == base::Kind::denied);
  }
}

TEST_CASE("after a broken connection the registry is asked for its offset") {
  BlobUploadFixture f;
  f.send_first_chunk();
  const auto backoff = f.reply_with(reply(0));
  CHECK(backoff.renewal == RetryState::Renewal::bearer);
  CHECK(backoff.wait > 0ms);
  CHECK(f.upload.step() == Step::status);
  SECTION("with a part of the chunk") {
    f.reply_with(reply(204, "s3", 20 * mib));
    CHECK(f.upload.step() == Step::patch);
    CHECK(f.upload.offset() == 20 * mib);
    CHECK(f.upload.location() == "s3");
  }
  SECTION("no session: from the beginning") {
    f.reply_with(reply(404));
    CHECK(f.upload.step() == Step::post);
    CHECK(f.upload.offset() == 0);
  }
  SECTION("with everything") {
    f.reply_with(reply(204, "", 40 * mib));
    CHECK(f.upload.step() == Step::put);
  }
  SECTION("with more than the blob has") {
    f.reply_with(reply(204, "", 41 * mib));
    CHECK(f.upload.step() == Step::post);
  }
}

TEST_CASE(
    "after a refused token, the bearer and then the session token are renewed, and the chunk is sent again") {
  BlobUploadFixture f;
  f.send_first_chunk();
  CHECK(f.reply_with(reply(401)).renewal == RetryState::Renewal::bearer);
  CHECK(f.upload.step() == Step::patch);
  CHECK(f.upload.offset() == 16 * mib);
  CHECK(f.reply_with(reply(401)).renewal == RetryState::Renewal::session_token);
  CHECK(f.reply_with(reply(401)).renewal == RetryState::Renewal::bearer);
  f.reply_with(reply(401));
  f.reply_with(reply(401));
  CHECK(f.error_of(reply(401)).kind() == base::Kind::denied);
}

TEST_CASE("a valid token without the scope ends the upload") {
  BlobUploadFixture f;
  auto answer = reply(401);
  answer.insufficient_scope = true;
  CHECK(f.reply_with(answer).wait == std::chrono::milliseconds{0});
  CHECK(f.reply_with(answer).wait == std::chrono::milliseconds{0});
  const auto error = f.error_of(answer);
  CHECK(error.kind() == base::Kind::denied);
  CHECK(error.hint().empty());
}

TEST_CASE("a denied push, or a push to an unknown repository, is not retried") {
  for (const auto& answer : {refusal(403, "DENIED"), refusal(404, "NAME_UNKNOWN"), refusal(401, "DENIED")}) {
    BlobUploadFixture f;
    f.reply_with(reply(404));
    CHECK(f.error_of(answer).kind() == base::Kind::denied);
  }
}

TEST_CASE("a HEAD without a reply is repeated: only 404 means that the blob is absent") {
  BlobUploadFixture f;
  for (const int status : {0, 500, 503, 429}) {
    f.reply_with(reply(status));
    CHECK(f.upload.step() == Step::head);
  }
}

TEST_CASE("a registry that takes no chunks gets a monolithic upload") {
  SECTION("refused") {
    for (const int status : {405, 415, 501}) {
      BlobUploadFixture f;
      f.reply_with(reply(404));
      f.reply_with(reply(202, "s1"));
      f.reply_with(reply(status));
      CHECK(f.upload.step() == Step::post);
      f.reply_with(reply(202, "s2"));
      CHECK(f.upload.step() == Step::put_monolithic);
      CHECK(f.upload.length() == 40 * mib);
      CHECK_FALSE(f.abilities.accepts_chunks);
    }
  }
  SECTION("it accepts a chunk and stores nothing") {
    BlobUploadFixture f;
    f.send_first_chunk();
    f.reply_with(reply(201, "s3", 16 * mib));
    CHECK(f.upload.step() == Step::post);
    f.reply_with(reply(202, "s4"));
    CHECK(f.upload.step() == Step::put_monolithic);
  }
  SECTION("it does not know the session that it has just created") {
    BlobUploadFixture f;
    f.reply_with(reply(404));
    for (int i = 0; i < 3; ++i) {
      f.reply_with(reply(202, "s"));
      f.reply_with(reply(404));
    }
    f.reply_with(reply(202, "s"));
    CHECK(f.upload.step() == Step::put_monolithic);
  }
}

TEST_CASE("a chunk that is too large is halved, until it is small") {
  BlobUploadFixture f;
  f.reply_with(reply(404));
  f.reply_with(reply(202, "s1"));
  for (const std::uint64_t size : {16U, 8U, 4U, 2U, 1U}) {
    CHECK(f.upload.length() == size * mib);
    f.reply_with(reply(413));
  }
  CHECK_FALSE(f.abilities.accepts_chunks);
}

TEST_CASE("chunks are not smaller than the registry allows") {
  BlobUploadFixture f{100 * mib};
  f.reply_with(reply(404));
  auto answer = reply(202, "s1");
  answer.min_chunk = 32 * mib;
  f.reply_with(answer);
  CHECK(f.upload.length() == 32 * mib);
}

TEST_CASE("bytes that were appended twice make the upload start over") {
  BlobUploadFixture f;
  f.send_first_chunk();
  f.reply_with(reply(202, "s3", 39 * mib));
  CHECK(f.upload.step() == Step::post);
  CHECK(f.upload.offset() == 0);
}

TEST_CASE("HEAD shows whether a PUT whose reply was lost has succeeded") {
  BlobUploadFixture f{mib};
  f.reply_with(reply(404));
  f.reply_with(reply(202, "s1"));
  f.reply_with(reply(202, "s2", mib));
  const auto answer = GENERATE(0, 404, 502);
  f.reply_with(reply(answer));
  CHECK(f.upload.step() == Step::head);
  SECTION("it was stored") {
    f.reply_with(reply(200));
    CHECK(f.upload.result() == BlobUpload::Result::uploaded);
  }
  SECTION("it was not") {
    f.reply_with(reply(404));
    CHECK(f.upload.step() != Step::head);
    CHECK(f.upload.step() != Step::done);
  }
}

TEST_CASE("a blob whose chunks got another digest is uploaded once more, monolithically") {
  BlobUploadFixture f{mib};
  f.reply_with(reply(404));
  f.reply_with(reply(202, "s1"));
  f.reply_with(reply(202, "s2", mib));
  f.reply_with(refusal(400, "DIGEST_INVALID"));
  f.reply_with(reply(202, "s3"));
  CHECK(f.upload.step() == Step::put_monolithic);
  CHECK(f.error_of(refusal(400, "DIGEST_INVALID")).kind() == base::Kind::network);
}

TEST_CASE("an upload of an earlier run continues at the registry's offset") {
  BlobUploadFixture f{40 * mib, UploadState{"old", 16 * mib}};
  f.reply_with(reply(404));
  CHECK(f.upload.step() == Step::status);
  CHECK(f.upload.location() == "old");
  SECTION("it is there") {
    f.reply_with(reply(204, "new", 16 * mib));
    CHECK(f.upload.step() == Step::patch);
    CHECK(f.upload.resumed_at() == 16 * mib);
  }
  SECTION("it was purged") {
    f.reply_with(reply(404));
    CHECK(f.upload.step() == Step::post);
    CHECK(f.upload.resumed_at() == 0);
  }
}

TEST_CASE("an upload of an earlier run continues while its bytes arrive again") {
  RegistryAbilities abilities;
  BlobUpload::Time now{};
  BlobUpload upload{{}, abilities, UploadState{"old", 16 * mib}, now};
  const auto reply_with = [&](const Reply& answer) { upload.on_reply(answer, now, 0); };
  REQUIRE(upload.step() == Step::status);
  SECTION("the registry has more than has arrived so far") {
    upload.grow(16 * mib);
    reply_with(reply(204, "new", 20 * mib));
    CHECK(upload.step() == Step::patch);
    CHECK(upload.offset() == 20 * mib);
    upload.grow(21 * mib);
    upload.complete("sha256:d");
    CHECK(upload.length() == mib);
    reply_with(reply(202, "newer", 21 * mib));
    CHECK(upload.step() == Step::put);
  }
  SECTION("the bytes are different") {
    reply_with(reply(204, "new", 20 * mib));
    upload.grow(18 * mib);
    upload.complete("sha256:d");
    CHECK(upload.step() == Step::post);
    CHECK(upload.location().empty());
  }
  SECTION("the registry has forgotten it") {
    reply_with(reply(404));
    CHECK(upload.step() == Step::post);
  }
}

TEST_CASE("an upload may take days while it makes progress, and ends after five minutes without") {
  BlobUploadFixture f{100 * 16 * mib};
  f.send_first_chunk();
  for (std::uint64_t chunk = 2; chunk < 50; ++chunk) {
    f.now += 4min;
    f.reply_with(reply(0));
    f.reply_with(reply(204, "s", chunk * 16 * mib));
  }
  f.now += 4min;
  f.reply_with(reply(0));
  f.reply_with(reply(204, "s", 49 * 16 * mib));
  f.now += 4min;
  f.reply_with(reply(0));
  f.reply_with(reply(204, "s", 49 * 16 * mib));
  f.now += 2min;
  CHECK(f.error_of(reply(0)).kind() == base::Kind::network);
}

TEST_CASE("a chunk that is cut off after more than five minutes is not a stall") {
  BlobUploadFixture f;
  f.send_first_chunk();
  f.now += 10min;
  f.reply_with(reply(0));
  CHECK(f.upload.step() == Step::status);
}

TEST_CASE("chunks grow on a fast connection, and shrink on a slow one") {
  BlobUploadFixture f{1000 * mib};
  f.send_first_chunk();
  CHECK(f.upload.length() == 16 * mib);
  f.reply_with(reply(202, "s", 32 * mib));
  CHECK(f.upload.length() == 32 * mib);
  f.reply_with(reply(202, "s", 64 * mib));
  f.reply_with(reply(202, "s", 96 * mib));
  CHECK(f.upload.length() == 64 * mib);
  f.reply_with(reply(202, "s", 160 * mib));
  f.reply_with(reply(202, "s", 224 * mib));
  CHECK(f.upload.length() == 64 * mib);
  f.now += 25s;
  f.reply_with(reply(202, "s", 288 * mib));
  CHECK(f.upload.length() == 32 * mib);
}

TEST_CASE("a blob whose bytes are still arriving gets its digest at the end") {
  RegistryAbilities abilities;
  BlobUpload upload{{"", 0, ""}, abilities, {}, {}};
  const auto reply_with = [&](const Reply& answer) { upload.on_reply(answer, {}, 0); };
  CHECK(upload.step() == Step::post);
  reply_with(reply(202, "s1"));
  CHECK(upload.step() == Step::patch);
  CHECK(upload.length() == 0);
  upload.grow(20 * mib);
  CHECK(upload.length() == 16 * mib);
  reply_with(reply(202, "s2", 16 * mib));
  reply_with(reply(202, "s3", 20 * mib));
  CHECK(upload.step() == Step::patch);
  SECTION("nothing is left to send") {
    upload.complete("sha256:d");
    CHECK(upload.step() == Step::put);
  }
  SECTION("a last chunk") {
    upload.grow(21 * mib);
    upload.complete("sha256:d");
    CHECK(upload.length() == mib);
    reply_with(reply(202, "s4", 21 * mib));
    CHECK(upload.step() == Step::put);
  }
}

TEST_CASE("waits grow, and are at least as long as the registry asks") {
  BlobUploadFixture f;
  CHECK(f.reply_with(reply(503)).wait == 500ms);
  CHECK(f.reply_with(reply(503)).wait == 1s);
  CHECK(f.reply_with(reply(503)).wait == 2s);
  auto answer = reply(429);
  answer.retry_after = 17s;
  CHECK(f.reply_with(answer).wait == 17s);
}

TEST_CASE("waits that the registry asks for do not count as a stall, up to an hour in total") {
  BlobUploadFixture f;
  auto busy = reply(429);
  SECTION("one long wait") {
    busy.retry_after = 600s;
    f.reply_with(busy);
    f.now += 600s;
    f.reply_with(reply(503));
    f.now += 4min;
    f.reply_with(reply(503));
    f.now += 1min;
    CHECK(f.error_of(reply(503)).kind() == base::Kind::network);
  }
  SECTION("many short ones") {
    busy.retry_after = 60s;
    for (int minute = 0; minute < 65; ++minute) {
      f.reply_with(busy);
      f.now += 1min;
    }
    CHECK(f.error_of(busy).kind() == base::Kind::network);
  }
}

TEST_CASE("an empty blob needs no chunk") {
  BlobUploadFixture f{0};
  f.reply_with(reply(404));
  f.reply_with(reply(202, "s1"));
  CHECK(f.upload.step() == Step::put);
}

TEST_CASE("a saved upload whose address is of no use any more is started over") {
  BlobUploadFixture f{40 * mib, UploadState{"old", 16 * mib, {}}};
  f.reply_with(reply(404));
  REQUIRE(f.upload.step() == Step::status);
  SECTION("it has expired at the storage") { f.reply_with(refusal(403, "AccessDenied")); }
  SECTION("its host is not trusted") {
    auto untrusted = reply(0);
    untrusted.is_final = true;
    f.reply_with(untrusted);
  }
  SECTION("its host does not respond") {
    for (int attempt = 0; attempt < 3; ++attempt) {
      f.reply_with(reply(0));
      CHECK(f.upload.step() == Step::status);
    }
    f.reply_with(reply(0));
  }
  CHECK(f.upload.step() == Step::post);
  CHECK(f.upload.offset() == 0);
}

TEST_CASE("a storage that does not say whether it has the blob is not needed for an upload") {
  BlobUploadFixture f;
  auto answer = reply(GENERATE(0, 403, 503));
  answer.is_elsewhere = true;
  f.reply_with(answer);
  CHECK(f.upload.step() == Step::post);
}
