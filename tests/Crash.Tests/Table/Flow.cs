using System.Text.Json.Nodes;
using OrleansPayments.Testing.Support;

namespace OrleansPayments.Crash.Tests.Table;

/// <summary>What is running when the silo dies. A line in <see cref="All"/> is all that a further one needs: it is killed at every moment.</summary>
/// <param name="Name">As the table calls it.</param>
/// <param name="Operation">What the connector is asked for, as failpoints call it.</param>
/// <param name="Outcome">The payment's status when it was carried through.</param>
/// <param name="Create">Changes the body that creates the payment.</param>
/// <param name="Path">Behind the payment's path, for a request to a payment that exists; null when the creation itself is what runs.</param>
/// <param name="Body">Of that request; null is an empty one.</param>
internal sealed record Flow(string Name, string Operation, string Outcome, Action<JsonObject>? Create = null, string? Path = null, Func<JsonObject>? Body = null)
{
    public static IReadOnlyList<Flow> All { get; } =
    [
        new("payment, captured at once", "charge", "captured"),
        new("payment, to be captured later", "charge", "authorized", Manual),
        new("payment, confirmed later", "charge", "captured", Unconfirmed, "confirm"),
        new("payment that the payer must act on", "charge", "requires_action", Authenticated),
        new("capture", "capture", "captured", Manual, "capture"),
        new("cancellation", "cancellation", "cancelled", Manual, "cancel"),
    ];

    /// <summary>What the first of its two records is called.</summary>
    public string FirstRecord => Operation == "charge" ? "attempt" : "operation";

    public JsonObject CreationBody(int amount, string orderId, string connector)
    {
        var body = Bodies.Payment(amount: amount, orderId: orderId);
        body["preferred_connector"] = connector;
        Create?.Invoke(body);
        return body;
    }

    private static void Manual(JsonObject body) => body["capture_method"] = "manual";

    private static void Unconfirmed(JsonObject body) => body["confirm"] = false;

    private static void Authenticated(JsonObject body)
    {
        Bodies.CardOf(body)["number"] = "4000002760003184";
        body["return_url"] = "https://shop.example/";
    }
}
