using System.Collections.Immutable;
using System.Globalization;
using OrleansPayments.Connectors;
using OrleansPayments.Grains.Routing;
using OrleansPayments.Grains.Tests.Payments;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Tests.Routing;

/// <summary>Reads the short form of <c>situations.txt</c>.</summary>
internal static class Situation
{
    private static readonly MerchantId Theirs = MerchantId.Parse("mer_00000000000000000000000001");

    public static RoutingConfiguration Configuration(string text)
    {
        var (kind, rest) = Cut(text, ' ');
        return kind switch
        {
            "priority" => RoutingConfiguration.Default with { Order = [.. Words(rest, ',')] },
            "cost" => RoutingConfiguration.Default with { Strategy = "weighted_cost", Weights = rest.Length > 0 ? Weights(rest) : null },
            "value" => RoutingConfiguration.Default with { Strategy = "expected_value" },
            "split" => RoutingConfiguration.Default with { Strategy = "volume_split", Split = [.. Words(rest, ',').Select(Share)] },
            "rules" => Rules(rest),
            _ => throw new FormatException(text),
        };
    }

    public static RoutingRequest Request(string text)
    {
        var request = new RoutingRequest(Samples.Id, Samples.Merchant, Samples.Usd(1000), "card", null, "visa", "424242");
        foreach (var word in Words(text, ','))
        {
            var (name, value) = Cut(word, '=');
            request = name switch
            {
                "pref" => request with { PreferredConnector = value },
                "network" => request with { Network = value.Length > 0 ? value : null },
                "bin" => request with { Bin = value.Length > 0 ? value : null },
                "meta" => request with { Metadata = Metadata(value) },
                "country" => request with { Country = value },
                "method" => request with { Method = value },
                "on" => request with { At = Day(value) },
                _ when char.IsAsciiDigit(name[0]) => request with { Amount = Money.FromMinorUnits(Number(name), request.Amount.Currency) },
                _ => request with { Amount = Money.FromMinorUnits(request.Amount.MinorUnits, Currency.Parse(name)) },
            };
        }

        return request;
    }

    /// <summary>By name, as decisions take them.</summary>
    public static RoutableConnector[] Connectors(string text) =>
        [.. Words(text, ' ').Select(Connector).OrderBy(connector => connector.Name, StringComparer.Ordinal)];

    public static RoutingDecision Decide(string configuration, string request, string connectors) =>
        RoutingChoice.Choose("dec_1", Request(request), RoutingPlan.Of(Configuration(configuration)), Connectors(connectors));

    public static string Show(RoutingDecision decision)
    {
        var eligible = decision.Candidates.Where(one => one.Eligible).Select(Shown);
        var others = decision.Candidates.Where(one => !one.Eligible).Select(Shown);
        return string.Join(' ', [.. eligible, "/", .. others]);
    }

    public static RoutableConnector Connector(string text)
    {
        var (name, facts) = Cut(text, ':');
        var capabilities = new ConnectorCapabilities(["card"], ["*"], ["*"]);
        var settings = new ConnectorSettings(true, 100, 2000, capabilities, [], HealthSettings.Default, InquirySettings.Default, null);
        var signals = RoutingSignals.Unknown;
        foreach (var fact in Words(facts, ','))
        {
            var (key, value) = Cut(fact, '=');
            switch (key)
            {
                case "p": settings = settings with { Priority = (int)Number(value) }; break;
                case "fee": settings = settings with { Fees = [Fee("*/*:" + value)] }; break;
                case "off": settings = settings.In(ConnectorStatus.Disabled); break;
                case "drain": settings = settings.In(ConnectorStatus.Draining); break;
                case "net": settings = settings with { Capabilities = settings.Capabilities with { Networks = [.. Words(value, '+')] } }; break;
                case "land": settings = settings with { Capabilities = settings.Capabilities with { Countries = [.. Words(value, '+')] } }; break;
                case "amt": settings = settings with { Capabilities = settings.Capabilities with { Amounts = [.. Words(value, '+').Select(Range)] } }; break;
                case "cur": settings = settings with { Capabilities = settings.Capabilities with { Currencies = [value] } }; break;
                case "method": settings = settings with { Capabilities = settings.Capabilities with { Methods = [value] } }; break;
                case "for": settings = settings with { MerchantId = value == "ours" ? Samples.Merchant : Theirs }; break;
                case "ok": signals = signals with { SuccessRate = Real(value) }; break;
                case "ms": signals = signals with { LatencyMs = Real(value) }; break;
                case "down": signals = signals with { Available = false }; break;
                default: throw new FormatException(fact);
            }
        }

        return new RoutableConnector(new ConnectorView(ConnectorName.Parse(name), "stripe", settings, 1, default, default), signals);
    }

    /// <summary><c>card/*:290+30</c>, or <c>card/visa/*:290+30@2026-01-01..2026-02-01</c> of which either day may be missing.</summary>
    public static ConnectorFee Fee(string text)
    {
        var (fits, rest) = Cut(text, ':');
        var (fee, when) = Cut(rest, '@');
        var (rate, fixedPart) = Cut(fee, '+');
        var (from, until) = when.Length == 0 ? ("", "") : (when[..when.IndexOf("..", StringComparison.Ordinal)], when[(when.IndexOf("..", StringComparison.Ordinal) + 2)..]);
        var names = fits.Split('/');
        return new ConnectorFee(names[0], names[^1], (int)Number(rate), Number(fixedPart))
        {
            Network = names.Length == 3 && names[1] != "*" ? names[1] : null,
            EffectiveFrom = from.Length == 0 ? null : Day(from),
            EffectiveUntil = until.Length == 0 ? null : Day(until),
        };
    }

    /// <summary>A day's first moment in UTC; with a time behind it, that.</summary>
    public static DateTimeOffset Day(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    public static RoutingWeights Weights(string text)
    {
        var parts = Words(text, '/');
        return new RoutingWeights(Real(parts[0]), Real(parts[1]), Real(parts[2]));
    }

    public static string[] Words(string text, char between) => text.Split(between, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    public static double Real(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    public static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static string Shown(RoutingCandidate candidate) => candidate.Reason is null ? candidate.Connector : $"{candidate.Connector}={candidate.Reason}";

    private static RoutingConfiguration Rules(string text)
    {
        var parts = text.Split(" else ");
        var otherwise = parts.Length > 1 ? Configuration(parts[1]) : null;
        return (otherwise ?? RoutingConfiguration.Default) with
        {
            Strategy = "rules",
            Rules = [.. Words(parts[0], '|').Select(Rule)],
            Otherwise = otherwise?.Strategy,
        };
    }

    private static RoutingRule Rule(string text)
    {
        var (conditions, use) = Cut(text, '>');
        var when = new RoutingConditions([], null, null, [], [], [], ImmutableSortedDictionary<string, string>.Empty);
        foreach (var condition in Words(conditions, '&'))
        {
            var (name, value) = Cut(condition, '=');
            ImmutableArray<string> values = [.. Words(value, '+')];
            when = name switch
            {
                "currency" => when with { Currencies = values },
                "gte" => when with { AmountGte = Number(value) },
                "lte" => when with { AmountLte = Number(value) },
                "method" => when with { Methods = values },
                "network" => when with { Networks = values },
                "bin" => when with { BinPrefixes = values },
                "meta" => when with { Metadata = Metadata(value) },
                "country" => when with { Countries = values },
                _ => throw new FormatException(condition),
            };
        }

        return use.Contains('/', StringComparison.Ordinal) ? new RoutingRule(when, [], Weights(use)) : new RoutingRule(when, [.. Words(use, ',')], null);
    }

    // USD:50-100, of which either bound may be missing.
    private static AmountRange Range(string text)
    {
        var (currency, bounds) = Cut(text, ':');
        var (min, max) = Cut(bounds, '-');
        return new AmountRange(currency, min.Length == 0 ? null : Number(min), max.Length == 0 ? null : Number(max));
    }

    private static RoutingShare Share(string text)
    {
        var (name, share) = Cut(text, '=');
        return new RoutingShare(name, (int)Number(share));
    }

    private static ImmutableSortedDictionary<string, string> Metadata(string text) =>
        Words(text, '+').Select(pair => Cut(pair, ':')).ToImmutableSortedDictionary(pair => pair.Before, pair => pair.After, StringComparer.Ordinal);

    private static (string Before, string After) Cut(string text, char at)
    {
        var index = text.IndexOf(at, StringComparison.Ordinal);
        return index < 0 ? (text, "") : (text[..index], text[(index + 1)..]);
    }
}
