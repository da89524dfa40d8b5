using System.Collections.Immutable;
using System.Text.Json;
using OrleansPayments.Connectors;
using OrleansPayments.Grains.Payments;
using OrleansPayments.Grains.Routing;
using OrleansPayments.Grains.Routing.Replay;
using OrleansPayments.Grains.Tests.Payments;
using OrleansPayments.Payments;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Tests.Routing.Replay;

/// <summary>Payments and connectors as a seed makes them: decided live, and read from what the journal would hold of them.</summary>
internal sealed class PastWorld(int seed)
{
    private static readonly string[] Fates = ["", "", "", "", "off,", "down,", "cur=EUR,", "land=DE,", "for=theirs,", "method=wallet,"];

    private readonly Random _random = new(seed);

    public int Next(int most) => _random.Next(most);

    /// <summary>Any strategy with any values.</summary>
    public RoutingConfiguration Configuration() => Situation.Configuration(_random.Next(6) == 0 ? $"rules {Rules()} else {Simple()}" : Simple());

    public RoutableConnector[] Connectors() =>
    [
        .. "abcdef"[..(1 + _random.Next(6))].Select(name => Situation.Connector(
            $"{name}:{Pick(Fates)}p={_random.Next(3)},fee={_random.Next(4) * 100}+{_random.Next(3)},ok=0.{_random.Next(80, 100)},ms={_random.Next(3) * 400}")),
    ];

    public RoutingRequest Request()
    {
        var bits = new byte[16];
        _random.NextBytes(bits);
        var text = $"{_random.Next(1, 2_000)},{Pick(["USD", "EUR", "JPY"])},network={Pick(["visa", "amex"])},bin={Pick(["424242", "378282"])},meta=tier:{Pick(["gold", "tin"])}"
            + $"{Pick(["", ",country=DE", ",country=US"])},on={Pick(["2026-01-15", "2026-02-01", "2026-02-20"])}";
        return Situation.Request(text) with { PaymentId = PaymentId.FromBits(bits), PreferredConnector = _random.Next(4) == 0 ? Pick(["a", "b", "z"]) : null };
    }

    public static RoutingDecision Decide(RoutingConfiguration policy, RoutingRequest request, RoutableConnector[] connectors) =>
        RoutingChoice.Choose("dec_1", request, RoutingPlan.Of(policy), connectors);

    /// <summary>Sometimes the first gave no leave.</summary>
    public string? Refused(RoutingDecision decision) => _random.Next(5) == 0 ? decision.Chosen : null;

    public static RoutableConnector[] With(RoutableConnector[] connectors, ImmutableArray<DraftFees> fees) =>
    [
        .. connectors.Select(connector => fees.FirstOrDefault(one => one.Connector == connector.Name) is { } draft
            ? new RoutableConnector(connector.View with { Settings = connector.Settings with { Fees = draft.Fees } }, connector.Signals)
            : connector),
    ];

    /// <summary>Through the stored form of a payment's first entry.</summary>
    public static PastDecision Stored(RoutingRequest request, RoutingDecision decision)
    {
        var card = new CardSummary(request.Network!, request.Bin!, "4242", 12, 2030);
        var created = new PaymentCreated(
            request.MerchantId, request.Amount, card, null, null, null, request.PreferredConnector, null, request.Metadata!, null, "f");
        var events = JsonSerializer.SerializeToUtf8Bytes(
            [created, new RouteChosen(decision), new AttemptStarted(1, Samples.CardA)], PaymentJson.Default.PaymentEventArray);
        var (read, past) = Assert.Single(new PastRoutes(request.PaymentId).Read(events, request.At));
        return new PastDecision(read, past);
    }

    private string Simple() => _random.Next(7) switch
    {
        0 => "priority",
        1 => "priority " + Names(),
        2 => "cost",
        3 => $"cost {_random.Next(3)}/{_random.Next(3)}/1",
        4 => "value",
        _ => "split " + string.Join(',', Names().Split(',').Select(name => $"{name}={_random.Next(1, 9)}")),
    };

    private string Rules() => string.Join('|', Enumerable.Range(0, _random.Next(1, 4)).Select(_ =>
        Pick([$"gte={_random.Next(1, 1500)}", $"lte={_random.Next(1, 1500)}", "currency=USD+JPY", "network=visa", "bin=3782", "meta=tier:gold", "country=US"])
        + ">" + (_random.Next(2) == 0 ? Names() : $"{_random.Next(3)}/1/{_random.Next(3)}")));

    private string Names()
    {
        var names = "abcdef".Select(name => $"{name}").ToArray();
        _random.Shuffle(names);
        return string.Join(',', names[.._random.Next(1, 5)]);
    }

    private string Pick(string[] values) => values[_random.Next(values.Length)];
}
