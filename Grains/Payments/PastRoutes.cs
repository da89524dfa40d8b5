using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansPayments.Grains.Shared.Journal;
using OrleansPayments.Grains.Shared.Json;
using OrleansPayments.Payments;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Payments;

/// <summary>
/// Reads the routing decisions out of a payment's entries, with what each was asked: much less than its whole history, and several times as fast.
/// </summary>
public sealed class PastRoutes(PaymentId id)
{
    /// <summary>An entry whose text has none of these says nothing here.</summary>
    public const string DecisionMark = "\"payment.route_chosen\"";

    /// <summary>A payment may be confirmed with another card.</summary>
    public const string CardMark = "\"payment.confirmed\"";

    private PaymentFacts? _facts;
    private CardFacts? _card;

    /// <summary>The payment's merchant; null before its first entry.</summary>
    public MerchantId? MerchantId => _facts?.MerchantId;

    /// <summary>Reads the next entry; those without any of the marks may be left out, the first may not.</summary>
    /// <param name="at">When it was recorded.</param>
    /// <returns>The decisions in it, in their order.</returns>
    /// <exception cref="InvalidDataException">There is a decision before the payment was created.</exception>
    /// <exception cref="JsonException">The entry is not readable.</exception>
    public IReadOnlyList<(RoutingRequest Request, RoutingDecision Decision)> Read(ReadOnlySpan<byte> events, DateTimeOffset at)
    {
        List<(RoutingRequest, RoutingDecision)>? found = null;
        foreach (var happened in JsonSerializer.Deserialize(events, RouteFactsJson.Default.RouteFactArray) ?? [])
        {
            switch (happened)
            {
                case PaymentFacts created:
                    (_facts, _card) = (created, created.Card);
                    break;
                case ConfirmationFacts { Card: { } other }:
                    _card = other;
                    break;
                case DecisionFacts { Decision: var decision }:
                    (found ??= new(1)).Add((RequestOf(decision, at), decision));
                    break;
            }
        }

        return found ?? (IReadOnlyList<(RoutingRequest, RoutingDecision)>)[];
    }

    // As the payment asked for it, and as routing completed it.
    private RoutingRequest RequestOf(RoutingDecision decision, DateTimeOffset at) => _facts is { } facts
        ? new RoutingRequest(
            id, facts.MerchantId, facts.Amount, "card", facts.PreferredConnector, _card!.Brand, _card.Bin, facts.Metadata, decision.Country, at)
        : throw new InvalidDataException($"{id} was routed before it was created.");
}

/// <summary>What a route depends on, of the events as <see cref="PaymentEvent"/> stores them; of all others nothing.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FallBackToBaseType, IgnoreUnrecognizedTypeDiscriminators = true)]
[JsonDerivedType(typeof(PaymentFacts), "payment.created")]
[JsonDerivedType(typeof(ConfirmationFacts), "payment.confirmed")]
[JsonDerivedType(typeof(DecisionFacts), "payment.route_chosen")]
internal record RouteFact;

internal sealed record PaymentFacts(
    MerchantId MerchantId, Money Amount, CardFacts Card, string? PreferredConnector, ImmutableSortedDictionary<string, string>? Metadata) : RouteFact;

internal sealed record ConfirmationFacts(CardFacts? Card) : RouteFact;

internal sealed record DecisionFacts(RoutingDecision Decision) : RouteFact;

internal sealed record CardFacts(string Brand, string Bin);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(MoneyJsonConverter), typeof(MerchantIdJsonConverter)])]
[JsonSerializable(typeof(RouteFact[]))]
internal sealed partial class RouteFactsJson : JsonSerializerContext;
