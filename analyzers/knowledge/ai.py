"""Language models and their kind: requests that cost money, and tools that they may call."""

from __future__ import annotations

from analyzers.flow.effects import EffectKind
from analyzers.flow.values import PLAIN
from analyzers.knowledge.rows import LibraryModel, argument, gives
from analyzers.knowledge.services import at, field, part, passed, remote, sdk

MODEL = "a language model"
ASKED = remote(EffectKind.FETCH, MODEL, data=at(0))
ASKED_BY_NAME = remote(EffectKind.FETCH, MODEL, key=at(0), data=at(1))

PROVIDERS = frozenset(
    f"@ai-sdk/{name}"
    for name in (
        *("openai", "anthropic", "google", "google-vertex", "mistral", "groq", "xai", "azure", "amazon-bedrock"),
        *("cohere", "perplexity", "deepseek", "fireworks", "togetherai", "replicate", "fal", "gateway", "react", "rsc"),
        *("openai-compatible", "elevenlabs", "deepinfra", "cerebras", "vercel", "huggingface"),
    )
)

MODELS = (
    LibraryModel(
        frozenset({"ai"}),
        "https://ai-sdk.dev/docs/reference/ai-sdk-core",
        {
            **dict.fromkeys(
                (
                    *(("generateText",), ("streamText",), ("generateObject",), ("streamObject",), ("embed",)),
                    *(("embedMany",), ("generateImage",), ("experimental_generateImage",), ("rerank",)),
                    *(("experimental_transcribe",), ("experimental_generateSpeech",)),
                ),
                ASKED,
            ),
            **dict.fromkeys((("tool",), ("dynamicTool",), ("wrapLanguageModel",)), argument(0)),
        },
        otherwise=passed,
    ),
    LibraryModel(
        frozenset({"ai/rsc"}),
        "https://ai-sdk.dev/docs/reference/ai-sdk-rsc",
        {("streamUI",): ASKED},
        otherwise=passed,
    ),
    LibraryModel(
        PROVIDERS | {"ollama-ai-provider", "@openrouter/ai-sdk-provider"},
        "https://ai-sdk.dev/providers",
        otherwise=gives(PLAIN),
    ),
    *sdk(
        ("openai",),
        "https://platform.openai.com/docs/api-reference",
        {"retrieve": remote(EffectKind.FETCH, MODEL, key=at(0)), "del": remote(EffectKind.FETCH, MODEL, key=at(0))},
        names=("OpenAI", "AzureOpenAI", "OpenAIApi", "Configuration"),
        otherwise=ASKED,
    ),
    *sdk(
        ("@anthropic-ai/sdk",),
        "https://docs.anthropic.com/en/api/client-sdks",
        {},
        names=("Anthropic",),
        otherwise=ASKED,
    ),
    *sdk(
        ("groq-sdk", "cohere-ai", "together-ai", "@mistralai/mistralai", "@huggingface/inference", "ollama"),
        "https://console.groq.com/docs/libraries",
        {},
        names=(
            "Groq",
            "CohereClient",
            "CohereClientV2",
            "Together",
            "Mistral",
            "HfInference",
            "InferenceClient",
            "Ollama",
        ),
        otherwise=ASKED,
    ),
    *sdk(
        ("@google/generative-ai", "@google/genai"),
        "https://ai.google.dev/gemini-api/docs",
        {"getGenerativeModel": part, "startChat": part},
        names=("GoogleGenerativeAI", "GoogleGenAI"),
        otherwise=ASKED,
    ),
    *sdk(
        ("replicate",),
        "https://replicate.com/docs/reference/client-libraries",
        {"run": ASKED_BY_NAME, "stream": ASKED_BY_NAME, "get": remote(EffectKind.FETCH, MODEL, key=at(0))},
        names=("Replicate",),
        otherwise=ASKED,
    ),
    LibraryModel(
        frozenset({"@fal-ai/client", "@fal-ai/serverless-client"}),
        "https://docs.fal.ai/clients/javascript",
        methods={"config": gives(PLAIN)},
        otherwise=ASKED_BY_NAME,
    ),
    *sdk(
        ("elevenlabs", "@elevenlabs/elevenlabs-js", "@deepgram/sdk", "assemblyai"),
        "https://elevenlabs.io/docs/api-reference",
        {},
        names=("ElevenLabsClient", "createClient", "AssemblyAI"),
        otherwise=ASKED,
    ),
    *sdk(
        ("@langchain/openai", "@langchain/anthropic", "@langchain/google-genai", "@langchain/groq"),
        "https://js.langchain.com/docs/",
        {},
        names=("ChatOpenAI", "OpenAIEmbeddings", "OpenAI", "ChatAnthropic", "ChatGoogleGenerativeAI", "ChatGroq"),
        otherwise=ASKED,
    ),
    *sdk(
        ("@pinecone-database/pinecone", "@upstash/vector"),
        "https://docs.pinecone.io/reference/typescript-sdk",
        {
            **dict.fromkeys(("index", "Index", "namespace"), part),
            **dict.fromkeys(
                ("query", "fetch", "listPaginated", "describeIndexStats"),
                remote(EffectKind.READ, "a vector store", key=at(0)),
            ),
            "upsert": remote(EffectKind.WRITE, "a vector store", data=at(0)),
            **dict.fromkeys(
                ("deleteOne", "deleteMany", "deleteAll", "delete"),
                remote(EffectKind.DELETE, "a vector store", key=at(0)),
            ),
            "update": remote(EffectKind.WRITE, "a vector store", key=field("id"), data=at(0)),
        },
        names=("Pinecone", "Index"),
    ),
)
