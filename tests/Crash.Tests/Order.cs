using System.Text.Json.Nodes;

namespace OrleansPayments.Crash.Tests;

/// <summary>One payment that a merchant asks for, under an idempotency key of its own.</summary>
internal sealed class Order(string key, JsonObject body)
{
    public string Key { get; } = key;

    public JsonObject Body { get; } = body;

    /// <summary>What the merchant was answered first; null while it was not.</summary>
    public JsonObject? Answer { get; set; }
}
