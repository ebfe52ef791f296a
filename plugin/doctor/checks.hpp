// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "doctor/examination.hpp"
#include "doctor/finding.hpp"

/// The checks, by the thing that they look at; `check.hpp` says in which order, and what each builds on.
namespace plugin::doctor {

// programs.cpp
Finding look_at_docker(Examination&);
Finding look_at_helper(Examination&);
Finding look_at_plugin(Examination&);

// docker_config.cpp
Finding look_at_docker_config(Examination&);
Finding look_at_spellings(Examination&);
Finding look_at_auths(Examination&);
Finding look_at_cred_helpers(Examination&);

// other_credentials.cpp
Finding look_at_docker_auth_config(Examination&);
Finding look_at_buildx(Examination&);
Finding look_at_containers(Examination&);

// connection.cpp
Finding look_at_settings(Examination&);
Finding look_at_connection_files(Examination&);
Finding look_at_connection(Examination&);
Finding look_at_proof(Examination&);

// places.cpp
Finding look_at_kernel_keyring(Examination&);
Finding look_at_secret_service(Examination&);
Finding look_at_what_is_kept(Examination&);

// network.cpp
Finding look_at_host(Examination&);
Finding look_at_names(Examination&);
Finding look_at_connecting(Examination&);
Finding look_at_proxy(Examination&);
Finding look_at_certificates(Examination&);
Finding look_at_clock(Examination&);

// sign_in.cpp
Finding look_at_sign_in(Examination&);
Finding look_at_session(Examination&);

// registry.cpp
Finding look_at_challenge(Examination&);
Finding look_at_token(Examination&);

// repository.cpp
Finding look_at_repository(Examination&);
Finding look_at_pulling(Examination&);
Finding look_at_pushing(Examination&);

}  // namespace plugin::doctor
