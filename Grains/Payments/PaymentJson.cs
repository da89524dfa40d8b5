using System.Text.Json.Serialization;
using OrleansPayments.Grains.Shared.Json;

namespace OrleansPayments.Grains.Payments;

/// <summary>The stored form of payments: events in the journal, states in the projection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    Converters =
    [
        typeof(MoneyJsonConverter), typeof(PaymentIdJsonConverter), typeof(MerchantIdJsonConverter), typeof(ConnectorNameJsonConverter),
    ])]
[JsonSerializable(typeof(PaymentEvent[]))]
[JsonSerializable(typeof(PaymentState))]
internal sealed partial class PaymentJson : JsonSerializerContext;
