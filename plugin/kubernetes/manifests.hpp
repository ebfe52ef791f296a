// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "docker/registry.hpp"

/// Manifests and files for Kubernetes, as text. Nothing here uses the network or changes anything.
namespace plugin::kubernetes {

/// Throws `usage` when `text` is not a valid name in Kubernetes (RFC 1123: a label for namespaces, a
/// subdomain for other objects). `what` names the option.
void check_namespace(const std::string& text, const char* what = "--namespace");
void check_name(const std::string& text, const char* what);
/// How help texts say what --image takes.
inline constexpr const char* image_description =
    "An image with both programs, in a registry from which nodes can pull without them; build.sh in "
    "/usr/share/docker-credential-snowflake/container builds one from the .deb";
/// The same for a reference to an image: no white space, quotes or control characters, and no registry of
/// Snowflake, from which nodes pull only with what the image installs.
void check_image(const std::string& text);

struct ServiceAccount {
  std::string kube_namespace = "default";
  std::string name = "default";

  /// As a token's claim `sub` has it.
  std::string subject() const { return "system:serviceaccount:" + kube_namespace + ":" + name; }
};

/// A Role that only lets kubelets request tokens of a service account with Snowflake's audience.
std::string rbac(const ServiceAccount&);

/// Where a kind of cluster keeps the kubelet's configuration and programs, and how to make it use them.
struct Platform {
  std::string_view name;
  std::string_view bin_dir;
  std::string_view config;
  bool is_json;
  std::string_view advice;  ///< lines for a user
};
const std::vector<Platform>& platforms();
/// Throws `usage` with the known names.
const Platform& platform_named(const std::string& name);

/// A DaemonSet that installs the program and its configuration on every node of a platform
/// (`kubelet-install --restart`).
std::string daemonset(const Platform&, const std::string& image, const std::string& kubernetes_version);

/// `{"auths":{...}}` for the registry host, as kubelets, kaniko and buildah read it.
std::string docker_config(const docker::Credential&);

struct PullSecret {
  std::string host;
  std::string kube_namespace;  ///< empty: that of kubectl's context
  std::string name = "snowflake-registry";
};
/// A Secret of the type kubernetes.io/dockerconfigjson, with its expiry time in an annotation.
std::string pull_secret_json(const PullSecret&, const docker::Credential&, base::TimePoint expires_at);
std::string pull_secret_yaml(const PullSecret&, const docker::Credential&, base::TimePoint expires_at);

/// A CronJob that renews a pull secret in each of the namespaces every 20 minutes, and once at the start. It
/// runs in the first of them, and may only patch these secrets.
std::string cronjob(const PullSecret&, const std::vector<std::string>& kube_namespaces,
                    const std::string& image, std::string_view account);

/// For the External Secrets Operator: a Webhook generator, and an ExternalSecret that makes a pull secret
/// from its answer.
std::string external_secret(const PullSecret&, const std::string& url);

/// Snowflake users for service accounts, as SQL.
struct SnowflakeUser {
  std::string issuer;
  ServiceAccount account;
  std::string user;        ///< empty: made from the service account
  std::string role;        ///< empty: no default role
  std::string repository;  ///< DATABASE.SCHEMA.REPOSITORY that the role may read; empty: no grants
};
std::string sql(const SnowflakeUser&);

}  // namespace plugin::kubernetes
