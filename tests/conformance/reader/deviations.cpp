// SPDX-License-Identifier: Apache-2.0
#include "crypto/tlv.hpp"
#include "tests/conformance/reader/chip_simulator.hpp"

namespace simulator {
namespace {

using Change = std::function<void(Bytes&)>;

Deviation on_data(Step at, Layer layer, Change change) {
  return {at, [change = std::move(change)](const wire::Command&, Answer& answer) { change(answer.data); }, layer};
}

struct Object {
  std::uint32_t tag;
  Bytes value;
};

// Takes the objects of an answer apart, and puts them together again; those of GENERAL AUTHENTICATE stand inside 7C.
Deviation on_objects(Step at, Layer layer, std::function<void(std::vector<Object>&)> change) {
  return on_data(at, layer, [change = std::move(change)](Bytes& data) {
    const auto frame = crypto::read_only_tlv(data, 0x7C, crypto::TlvForm::ber);
    const ByteView inside = frame ? frame->value : ByteView(data);
    std::vector<Object> objects;
    for (crypto::TlvReader reader(inside, crypto::TlvForm::ber); !reader.at_end();) {
      const auto object = reader.next();
      if (!object) return;
      objects.push_back({object->tag, {object->value.begin(), object->value.end()}});
    }
    change(objects);
    Bytes out;
    for (const auto& object : objects) crypto::append_tlv(out, object.tag, object.value);
    data = frame ? crypto::tlv(0x7C, out) : out;
  });
}

}  // namespace

Deviation answers_with(Step at, wire::StatusWord sw) { return answers_with(at, {}, sw); }

Deviation answers_with(Step at, Bytes data, wire::StatusWord sw) {
  return {at, [data = std::move(data), sw](const wire::Command&, Answer& answer) { answer = {data, sw}; }};
}

Deviation truncates(Step at, std::size_t left, Layer layer) {
  return on_data(at, layer, [left](Bytes& data) { data.resize(std::min(left, data.size())); });
}

Deviation appends(Step at, Bytes more, Layer layer) {
  return on_data(at, layer,
                 [more = std::move(more)](Bytes& data) { data.insert(data.end(), more.begin(), more.end()); });
}

Deviation flips(Step at, std::size_t octet, Layer layer) {
  return on_data(at, layer, [octet](Bytes& data) {
    if (!data.empty()) data[std::min(octet, data.size() - 1)] ^= 0x01;
  });
}

Deviation retags(Step at, std::uint32_t from, std::uint32_t to, Layer layer) {
  return on_objects(at, layer, [from, to](std::vector<Object>& objects) {
    for (auto& object : objects)
      if (object.tag == from) object.tag = to;
  });
}

Deviation drops(Step at, std::uint32_t tag, Layer layer) {
  return on_objects(at, layer, [tag](std::vector<Object>& objects) {
    std::erase_if(objects, [tag](const Object& object) { return object.tag == tag; });
  });
}

Deviation sets(Step at, std::uint32_t tag, Bytes value, Layer layer) {
  return on_objects(at, layer, [tag, value = std::move(value)](std::vector<Object>& objects) {
    const auto found = std::ranges::find(objects, tag, &Object::tag);
    if (found == objects.end())
      objects.push_back({tag, value});
    else
      found->value = value;
  });
}

Deviation corrupts(Step at, std::uint32_t tag, Layer layer) {
  return on_objects(at, layer, [tag](std::vector<Object>& objects) {
    for (auto& object : objects)
      if (object.tag == tag && !object.value.empty()) object.value.back() ^= 0x01;
  });
}

}  // namespace simulator
