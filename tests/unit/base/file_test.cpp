// SPDX-License-Identifier: Apache-2.0
#include "base/file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/file_change.hpp"
#include "support/catch.hpp"
#include "support/fakes.hpp"

TEST_CASE("a file that does not exist is absent, and one that cannot be read is an error that names it") {
  const fakes::TemporaryDirectory directory;
  CHECK_FALSE(base::read_file(directory.path() / "none"));
  CHECK_FALSE(base::read_file(directory.path() / "none" / "below"));
  const auto error = fakes::error_of([&] { static_cast<void>(base::read_file(directory.path())); });
  CHECK(error.kind() == base::Kind::config);
  CHECK(std::string{error.what()}.find(directory.path().string()) != std::string::npos);
}

TEST_CASE("a file that is too long is refused") {
  const fakes::TemporaryDirectory directory;
  base::write_file(directory.path() / "file", std::string(100, 'a'));
  CHECK(base::read_file(directory.path() / "file", 100));
  CHECK_THROWS(base::read_file(directory.path() / "file", 99));
}

TEST_CASE("only a regular file is read, and a named pipe is not waited for") {
  const fakes::TemporaryDirectory directory;
  const auto pipe = directory.path() / "pipe";
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  for (const auto& path : {pipe, std::filesystem::path{"/dev/zero"}, directory.path()}) {
    const auto error = fakes::error_of([&] { static_cast<void>(base::read_file(path)); });
    CHECK(std::string{error.what()}.find("not a regular file") != std::string::npos);
  }
  CHECK(base::read_file("/dev/null") == "");
  CHECK_FALSE(base::read_file(std::filesystem::path{}));
}

TEST_CASE("no next step removes a device, and none is replaced by a file") {
  for (const auto& error : {fakes::error_of([] { static_cast<void>(base::read_file("/dev/zero")); }),
                            fakes::error_of([] { base::require_replaceable("/dev/null"); })}) {
    CHECK(fakes::contains(error.what(), "is a device, not a regular file"));
    CHECK(error.hint() == "use the path of a regular file");
  }
}

TEST_CASE("the descriptor that is read is the one that is checked") {
  const fakes::TemporaryDirectory directory;
  const auto path = directory.path() / "file";
  base::write_file(path, "text", 0640);
  base::FileStatus seen;
  const base::ReadOptions options{.must_be_own = true,
                                  .check = [&](const base::FileStatus& status) { seen = status; }};
  CHECK(base::read_file(path, options) == "text");
  CHECK(seen.mode == 0640);
  CHECK(seen.owner == geteuid());
  const base::ReadOptions refusing{
      .check = [](const base::FileStatus&) { throw base::Error(base::Kind::config, "no"); }};
  CHECK_THROWS(base::read_file(path, refusing));
}

TEST_CASE("where files must be private, one that others may open controls no login") {
  const fakes::TemporaryDirectory directory;
  const auto path = directory.path() / "file";
  base::write_file(path, "text", 0640);
  const auto read = [&](bool must_be_own) {
    return base::read_file(path, {.must_be_own = must_be_own, .check = [](const base::FileStatus&) {}});
  };
  CHECK(read(true) == "text");
  base::require_private_files();
  const auto error = fakes::error_of([&] { static_cast<void>(read(true)); });
  CHECK(fakes::contains(error.what(), "users other than root may open " + path.string()));
  CHECK(fakes::contains(error.hint(), "chmod 0600"));
  CHECK(read(false) == "text");
  base::write_file(path, "text", 0600);
  CHECK(read(true) == "text");
  base::require_private_files(false);
}

TEST_CASE("text loses its byte order mark, and UTF-16 is named") {
  const fakes::TemporaryDirectory directory;
  const auto path = directory.path() / "file";
  base::write_file(path, "\xef\xbb\xbftext");
  CHECK(base::read_text_file(path) == "text");
  CHECK(base::read_file(path)->size() == 7);
  base::write_file(path, std::string{"\xff\xfet\0", 4});
  const auto error = fakes::error_of([&] { static_cast<void>(base::read_text_file(path)); });
  CHECK(std::string{error.what()}.find("UTF-16") != std::string::npos);
}

TEST_CASE("each errno has its own cause and next step") {
  const std::filesystem::path path{"/some/directory/file"};
  std::vector<std::string> sentences;
  for (const int error : {EACCES, EPERM, EROFS, ENOSPC, EDQUOT, EFBIG, EBUSY, ENOTDIR, ELOOP, EMFILE, ENOENT,
                          EISDIR, EIO, ENAMETOOLONG, EXDEV}) {
    const auto failure = base::file_error("cannot write", path, error);
    CHECK(std::string{failure.what()}.starts_with("cannot write /some/directory/file: "));
    sentences.push_back(failure.hint());
  }
  std::ranges::sort(sentences);
  CHECK(std::ranges::adjacent_find(sentences) == sentences.end());
}

TEST_CASE("a path that is a key is not shown") {
  const auto error = base::file_error("cannot read", "-----BEGIN PRIVATE KEY-----\nMIIE", ENAMETOOLONG);
  CHECK(std::string{error.what()}.find("MIIE") == std::string::npos);
  CHECK(error.hint().find("MIIE") == std::string::npos);
}
