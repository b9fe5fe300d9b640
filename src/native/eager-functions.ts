import type { Patch } from './patch.js';

/**
 * TensorFlow 2.19 logs through Abseil, which does not know TF_CPP_MIN_LOG_LEVEL: two lines of chatter come for the first
 * graph. The symbol is that of the pinned version; where it is missing, the chatter stays.
 */
const quietLog = `
// Makes Abseil's log follow TF_CPP_MIN_LOG_LEVEL, as TensorFlow's own does.
extern void SetAbslMinLogLevel(int severity)
    __asm__("_ZN4absl12lts_2023080214SetMinLogLevelENS0_18LogSeverityAtLeastE") __attribute__((weak));

static void QuietAbslLog() {
  const char *level = getenv("TF_CPP_MIN_LOG_LEVEL");
  if (SetAbslMinLogLevel && level) SetAbslMinLogLevel(atoi(level));
}
`;

/**
 * Graphs come here simplified already. TensorFlow's own rewriting of graphs (Grappler) makes the training step up to a
 * fifth slower, and takes seconds for windows of a thousand steps. Ops whose device has no kernel for them run on another:
 * each shard's ops are put on a card of their own. The bytes are a ConfigProto: graph_options (field 10) of rewrite_options
 * (field 10) of disable_meta_optimizer (field 19); allow_soft_placement (field 7); an entry of device_count (field 1).
 */
const contextConfig = `
// Configures TensorFlow to run graphs as they are, on as many CPU devices as MIN_CHAR_RNN_CPU_DEVICES says: tests take
// them for cards.
static std::string ContextConfig() {
  std::string config{0x52, 5, 0x52, 3, '\\x98', 1, 1, 0x38, 1};
  const char *devices = getenv("MIN_CHAR_RNN_CPU_DEVICES");
  if (devices) config += {0x0a, 7, 0x0a, 3, 'C', 'P', 'U', 0x10, static_cast<char>(atoi(devices))};
  return config;
}
`;

const configureContext = `  QuietAbslLog();
  const std::string config = ContextConfig();
  TFE_ContextOptionsSetConfig(tfe_options, config.data(), config.size(), tf_status.status);
  if (TF_GetCode(tf_status.status) != TF_OK) {
    NAPI_THROW_ERROR(env, "Exception configuring TFE_Context");
  }
`;

/** The last device of a kind would be the one where tensors are. */
const noteDevice = `    device_names.push_back(TF_DeviceListName(device_list, i, tf_status.status));
    if (strcmp(device_type, "CPU") == 0 ? !cpu_device_name.empty() : !device_name.empty()) continue;

`;

/**
 * A traced graph becomes a function of the eager context, which executeOp runs by its name: its inputs and outputs are
 * handles like those of any op, so that nothing is copied to the host and back, on a card neither.
 */
const functions = `
// The outputs of a graph that a list such as "input0:0,op7_Split:1" names; an empty list where one is not there.
static std::vector<TF_Output> OutputsNamed(TF_Graph *graph, const std::string &names) {
  std::vector<TF_Output> outputs;
  std::stringstream list(names);
  for (std::string each; std::getline(list, each, ',');) {
    const size_t colon = each.find(':');
    TF_Operation *operation = TF_GraphOperationByName(graph, each.substr(0, colon).c_str());
    if (operation == nullptr) return {};
    outputs.push_back({operation, colon == std::string::npos ? 0 : atoi(each.c_str() + colon + 1)});
  }
  return outputs;
}

static TF_Function *GraphAsFunction(TF_Graph *graph, const std::string &name, const std::string &inputs,
                                    const std::string &outputs, TF_Status *status) {
  std::vector<TF_Output> in = OutputsNamed(graph, inputs), out = OutputsNamed(graph, outputs);
  if (out.empty() || (in.empty() && !inputs.empty())) {
    TF_SetStatus(status, TF_INVALID_ARGUMENT, "an input or output is not in the graph");
    return nullptr;
  }
  return TF_GraphToFunction(graph, name.c_str(), /*append_hash_to_fn_name=*/0, /*num_opers=*/-1, nullptr, in.size(),
                            in.data(), out.size(), out.data(), nullptr, nullptr, nullptr, status);
}

void TFJSBackend::AddFunction(napi_env env, napi_value name_value, napi_value graph_value, napi_value inputs_value,
                              napi_value outputs_value) {
  std::string name, inputs, outputs;
  ENSURE_NAPI_OK(env, GetStringParam(env, name_value, name));
  ENSURE_NAPI_OK(env, GetStringParam(env, inputs_value, inputs));
  ENSURE_NAPI_OK(env, GetStringParam(env, outputs_value, outputs));
  napi_typedarray_type type;
  size_t length;
  void *data;
  ENSURE_NAPI_OK(env, napi_get_typedarray_info(env, graph_value, &type, &length, &data, nullptr, nullptr));

  TF_AutoStatus status;
  TF_Graph *graph = TF_NewGraph();
  TF_Buffer *definition = TF_NewBufferFromString(data, length);
  TF_ImportGraphDefOptions *options = TF_NewImportGraphDefOptions();
  TF_GraphImportGraphDef(graph, definition, options, status.status);
  TF_DeleteImportGraphDefOptions(options);
  TF_DeleteBuffer(definition);
  TF_Function *function = TF_GetCode(status.status) == TF_OK
                              ? GraphAsFunction(graph, name, inputs, outputs, status.status)
                              : nullptr;
  if (TF_GetCode(status.status) == TF_OK) TFE_ContextAddFunction(tfe_context_, function, status.status);
  if (function) TF_DeleteFunction(function);
  TF_DeleteGraph(graph);
  if (TF_GetCode(status.status) != TF_OK) {
    NAPI_THROW_ERROR(env, "TensorFlow refuses a graph: %s", TF_Message(status.status));
  }
}

void TFJSBackend::RemoveFunction(napi_env env, napi_value name_value) {
  std::string name;
  ENSURE_NAPI_OK(env, GetStringParam(env, name_value, name));
  TF_AutoStatus status;
  TFE_ContextRemoveFunction(tfe_context_, name.c_str(), status.status);
  ENSURE_TF_OK(env, status);
}

napi_value TFJSBackend::DeviceNames(napi_env env) {
  napi_value names;
  ENSURE_NAPI_OK_RETVAL(env, napi_create_array(env, &names), nullptr);
  for (size_t i = 0; i < device_names.size(); i++) {
    napi_value name;
    ENSURE_NAPI_OK_RETVAL(
        env, napi_create_string_utf8(env, device_names[i].data(), device_names[i].size(), &name), nullptr);
    ENSURE_NAPI_OK_RETVAL(env, napi_set_element(env, names, i, name), nullptr);
  }
  return names;
}

`;

const declarations = `  // Adds a graph to the eager context as a function, for ExecuteOp:
  // - name_value (string)
  // - graph_value (Uint8Array, a GraphDef)
  // - inputs_value, outputs_value (string, such as "input0:0,input1:0")
  void AddFunction(napi_env env, napi_value name_value, napi_value graph_value,
                   napi_value inputs_value, napi_value outputs_value);

  // Removes such a function:
  // - name_value (string)
  void RemoveFunction(napi_env env, napi_value name_value);

  // Returns the names of all devices (string[]).
  napi_value DeviceNames(napi_env env);

`;

const callbacks = `static napi_value AddFunction(napi_env env, napi_callback_info info) {
  size_t argc = 4;
  napi_value args[4];
  ENSURE_NAPI_OK_RETVAL(env, napi_get_cb_info(env, info, &argc, args, nullptr, nullptr), nullptr);
  TFJSBackend *const backend = GetTFJSBackend(env);
  if (backend) backend->AddFunction(env, args[0], args[1], args[2], args[3]);
  return nullptr;
}

static napi_value RemoveFunction(napi_env env, napi_callback_info info) {
  size_t argc = 1;
  napi_value args[1];
  ENSURE_NAPI_OK_RETVAL(env, napi_get_cb_info(env, info, &argc, args, nullptr, nullptr), nullptr);
  TFJSBackend *const backend = GetTFJSBackend(env);
  if (backend) backend->RemoveFunction(env, args[0]);
  return nullptr;
}

static napi_value DeviceNames(napi_env env, napi_callback_info info) {
  TFJSBackend *const backend = GetTFJSBackend(env);
  return backend ? backend->DeviceNames(env) : nullptr;
}

`;

const properties = ['addFunction', 'removeFunction', 'deviceNames']
  .map((name) => {
    const callback = `${name[0].toUpperCase()}${name.slice(1)}`;
    return `      {"${name}", nullptr, ${callback}, nullptr, nullptr, nullptr, napi_default, nullptr},\n`;
  })
  .join('');

const before = (find: string, addition: string) => ({ find, replacement: addition + find });
const after = (find: string, addition: string) => ({ find, replacement: find + addition });

/** Lets a graph be added to the eager context as a function, makes functions run as they are, and says what devices there are. */
export const eagerFunctions: Patch = {
  'tfjs_backend.cc': [
    before('#include <algorithm>\n', '#include <stdlib.h>\n#include <sstream>\n'),
    after('namespace tfnodejs {\n', quietLog + contextConfig),
    after('  TFE_ContextOptions *tfe_options = TFE_NewContextOptions();\n', configureContext),
    before('    // Keep a reference to the host CPU device:\n', noteDevice),
    before('napi_value TFJSBackend::GetNumOfTensors(napi_env env) {\n', functions.trimStart()),
  ],
  'tfjs_backend.h': [
    before('  // Get number of tensor handles in the backend:\n', declarations),
    after('#include <string>\n', '#include <vector>\n'),
    after('  std::string device_name;\n', '  std::vector<std::string> device_names;\n'),
  ],
  'tfjs_binding.cc': [
    before('static napi_value GetNumOfTensors(napi_env env, napi_callback_info info) {\n', callbacks),
    before('      {"getNumOfTensors", ', properties),
  ],
};
