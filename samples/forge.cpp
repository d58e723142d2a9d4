// SPDX-License-Identifier: Apache-2.0
// Owns the sample forger: what somebody with a blank, its keys and a genuine document could do. He puts another face on
// it.
#include <boost/program_options.hpp>
#include <fstream>
#include <iostream>
#include <iterator>

#include "card/host/embedded_card.hpp"
#include "card/patent/face.hpp"
#include "crypto/openssl_engine.hpp"
#include "personalize/issue/issuer.hpp"
#include "personalize/issue/runner.hpp"
#include "reader/inspect/instant.hpp"
#include "reader/link/card_source.hpp"

namespace {

struct Failed {
  std::string why;
};

template <class T>
T must(T result, const std::string& what) {
  if (!result) throw Failed{what};
  return result;
}

personalize::Order read_order(const std::string& file, std::chrono::sys_seconds at) {
  std::ifstream in(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  auto parsed = personalize::parse_order(text, {at});
  if (!parsed.order) throw Failed{file + " is no order"};
  return *std::move(parsed.order);
}

// The key of the genuine chip, which the copy's chip does not have.
patent::ChipPublicKey key_of_another_chip(crypto::Engine& engine, crypto::Curve curve) {
  crypto::Secret scalar;
  must(engine.ec_random_scalar(curve, scalar), "no random");
  return {curve, *must(engine.ec_multiply(curve, scalar.view(), {}), "no key")};
}

void forge(const boost::program_options::variables_map& given) {
  const auto at = *must(reader::instant_from_iso(given["at"].as<std::string>()), "--at takes an instant in UTC");
  const std::string folder = given["domain"].as<std::string>();
  const auto domain = must(
      crypto::TrustDomain::open(folder, *must(crypto::domain_passphrase(folder, ""), "no passphrase")), "no domain");
  const auto signers = must(personalize::load_signers(*domain), "no signers");
  const auto trust = must(reader::load_trust(domain->trust_folder()), "no trust");
  const auto transport = must(domain->vault().master_key(crypto::kScp03TransportKey), "no transport key");
  const auto issuer_key = must(domain->vault().master_key(crypto::kScp03IssuerKey), "no issuer key");

  crypto::OpensslEngine engine;
  const auto genuine = read_order(given["order"].as<std::string>(), at);
  const auto* const profile = personalize::find_profile("icao-2026");
  const personalize::Issuer issuer(engine, *profile, *signers, *trust);
  const auto powered = must(reader::open_card(given["reader"].as<std::string>(), std::chrono::seconds(5),
                                              reader::virtual_cards<host::EmbeddedCard>()),
                            "no card");
  personalize::Runner runner(engine, *powered->channel, powered->limits,
                             {**transport, **issuer_key, profile->channel_key});
  const auto chip = must(runner.identify(), "the blank does not answer");
  must(runner.run(personalize::preparation(profile->chip_curve, {chip->keys, chip->life_cycle}), {}),
       "the blank refused");
  const bool copies = given.count("face-of") == 0;
  const auto key = copies ? key_of_another_chip(engine, profile->chip_curve) : *runner.chip_key();
  auto image = must(issuer.sign(genuine, key, at), "not signed");
  if (!copies) {
    const auto stranger = read_order(given["face-of"].as<std::string>(), at);
    image->files[layout::FileId::dg2] = patent::encode_dg2({stranger.face, genuine.patent.sex});
  }
  const auto drawn = must(issuer.draw_can(), "no CAN");
  const auto can = drawn->view();
  const auto secrets = must(personalize::secrets_of(*image, can), "no MRZ");
  must(runner.run(personalize::completion(*image), *secrets), "the blank refused");
  std::ofstream(given["can-to"].as<std::string>())
      .write(reinterpret_cast<const char*>(can.data()), static_cast<std::streamsize>(can.size()));
}

}  // namespace

int main(int argc, char** argv) {
  namespace po = boost::program_options;
  const auto text = [] { return po::value<std::string>()->required(); };
  po::options_description options(
      "forge-sample: writes a genuine order's card with a stranger's face, or a copy of it\nOptions");
  options.add_options()("help", "show this")("domain", text(), "the trust domain whose keys were stolen")(
      "order", text(), "the genuine order")("face-of", po::value<std::string>(),
                                            "the stranger's order; without: a copy")(
      "reader", text(), "PC/SC reader or virtual:FILE")("at", text(), "instant, 2026-03-10T09:00:00Z")(
      "can-to", text(), "file for the card's CAN");
  try {
    po::variables_map given;
    po::store(po::parse_command_line(argc, argv, options), given);
    if (given.count("help") != 0) return std::cout << options, 0;
    po::notify(given);
    forge(given);
  } catch (const po::error& e) {
    std::cerr << "forge-sample: " << e.what() << '\n';
    return 64;
  } catch (const Failed& e) {
    std::cerr << "forge-sample: " << e.why << '\n';
    return 70;
  }
}
