using System.Collections.Immutable;
using System.Text.Json;
using OrleansPayments.Connectors;
using OrleansPayments.Routing;
using OrleansPayments.Silo.Api.Connectors;
using OrleansPayments.Silo.Api.Json;
using OrleansPayments.Silo.Api.Merchants;
using OrleansPayments.Silo.Api.Payments;
using OrleansPayments.Silo.Api.Problems;

namespace OrleansPayments.Silo.Api.Routing;

/// <summary>Reads the body of <c>PUT /merchants/{id}/routing</c>. What the strategy would not use is refused and never ignored.</summary>
/// <param name="connectors">Those that may serve the merchant, by name.</param>
internal sealed class RoutingConfigurationRequest(IReadOnlySet<string> connectors)
{
    public const int MaxConnectors = 100;
    public const int MaxRules = 100;
    public const int MaxValues = 250;
    public const int MaxShare = 10_000;
    public const int MaxWeight = 1000;

    public static ImmutableArray<string> Fields { get; } = ["strategy", "weights", "order", "split", "rules", "otherwise", "failover"];

    public static ImmutableArray<string> WeightFields { get; } = ["fee", "time", "risk"];

    public static ImmutableArray<string> RuleFields { get; } = ["when", "use", "weights"];

    public static ImmutableArray<string> ConditionFields { get; } = ["currency", "amount", "method", "network", "bin", "metadata", "country"];

    public static ImmutableArray<string> AmountFields { get; } = ["gte", "lte"];

    public static ImmutableArray<string> FailoverFields { get; } = ["max_attempts", "on_decline"];

    /// <summary>As a payment shows them in <c>brand</c>.</summary>
    public static ImmutableArray<string> Networks { get; } = ["amex", "diners", "discover", "jcb", "mastercard", "unionpay", "unknown", "visa"];

    /// <summary>The strategies that may follow where no rule holds.</summary>
    public static ImmutableArray<string> Otherwise { get; } = [.. RoutingStrategies.All.Where(name => name != RoutingStrategies.Rules)];

    private static readonly string MethodRule = $"The value must be one of: {string.Join(", ", ConnectorMembers.Methods)}.";

    private static readonly string NetworkRule = $"The value must be one of: {string.Join(", ", Networks)}.";

    /// <summary>Not to be used after a fault.</summary>
    public RoutingConfiguration Read(JsonElement body, Faults faults) => Read(body, "", faults);

    /// <param name="pointer">Of the configuration in the body.</param>
    public RoutingConfiguration Read(JsonElement body, string pointer, Faults faults)
    {
        var fields = JsonFields.Read(body, pointer, faults, Fields);
        var strategy = fields.RequiredText("strategy", 64);
        var otherwise = fields.OptionalText("otherwise", 64);
        RefuseUnknown(fields, "strategy", strategy, RoutingStrategies.All);
        if (otherwise is not null) RefuseUnknown(fields, "otherwise", otherwise, Otherwise);

        var hasRules = strategy == RoutingStrategies.Rules;
        var inEffect = hasRules ? otherwise ?? RoutingStrategies.Priority : strategy;
        RefuseUnused(fields, "rules", hasRules, RoutingStrategies.Rules);
        RefuseUnused(fields, "otherwise", hasRules, RoutingStrategies.Rules);
        RefuseUnused(fields, "order", inEffect == RoutingStrategies.Priority, RoutingStrategies.Priority);
        RefuseUnused(fields, "weights", inEffect == RoutingStrategies.WeightedCost, RoutingStrategies.WeightedCost);
        RefuseUnused(fields, "split", inEffect == RoutingStrategies.VolumeSplit, RoutingStrategies.VolumeSplit);

        var weights = ReadWeights(fields) ?? (inEffect == RoutingStrategies.WeightedCost ? RoutingWeights.Default : null);
        var split = inEffect == RoutingStrategies.VolumeSplit && fields.Require("split") ? ReadSplit(fields, faults) : [];
        var rules = hasRules && fields.Require("rules") ? fields.OptionalArray("rules", MaxRules, ReadRule)!.Value : [];
        if (hasRules && rules.IsEmpty) fields.Refuse(ProblemCatalogue.InvalidValue, "rules", "The array must not be empty.");
        return new RoutingConfiguration(strategy, weights, ReadConnectors(fields, "order", faults), split, rules, otherwise, ReadFailover(fields));
    }

    private static FailoverSettings? ReadFailover(JsonFields fields)
    {
        if (fields.OptionalObject("failover", FailoverFields) is not { } failover) return null;
        var otherwise = FailoverSettings.Default;
        return new FailoverSettings(
            failover.OptionalInt32("max_attempts", 1, FailoverSettings.MostAttempts, otherwise.MaxAttempts), failover.OptionalBoolean("on_decline", otherwise.OnDecline));
    }

    private static void RefuseUnknown(JsonFields fields, string name, string value, ImmutableArray<string> known)
    {
        if (!known.Contains(value)) fields.Refuse(ProblemCatalogue.InvalidValue, name, $"The value must be one of: {string.Join(", ", known)}.");
    }

    private static void RefuseUnused(JsonFields fields, string name, bool isUsed, string by)
    {
        if (!isUsed) fields.Refuse(ProblemCatalogue.InvalidValue, name, $"Only the strategy {by} uses it.");
    }

    private static RoutingWeights? ReadWeights(JsonFields fields)
    {
        if (fields.OptionalObject("weights", WeightFields) is not { } weights) return null;
        var read = new RoutingWeights(Read("fee"), Read("time"), Read("risk"));
        if (read is { Fee: 0, Time: 0, Risk: 0 }) fields.Refuse(ProblemCatalogue.InvalidValue, "weights", "One weight at least must be above 0.");
        return read;

        double Read(string name) => weights.Require(name) ? weights.OptionalNumber(name, 0, MaxWeight, 0) : 0;
    }

    private ImmutableArray<RoutingShare> ReadSplit(JsonFields fields, Faults faults)
    {
        var (value, pointer) = (fields.Value("split"), fields.PointerOf("split"));
        if (value.ValueKind != JsonValueKind.Object)
        {
            faults.Add(ProblemCatalogue.InvalidType, "The value must be an object.", pointer);
            return [];
        }

        var shares = new SortedDictionary<string, RoutingShare>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            var at = JsonText.PointerOf(member, pointer);
            var name = JsonText.TryGetName(member) ?? "";
            RefuseUnknownConnector(name, at, faults);
            if (!shares.TryAdd(name, new RoutingShare(name, ReadShare(member.Value, at, faults)))) faults.Add(ProblemCatalogue.DuplicateField, "The field is given twice.", at);
            if (shares.Count <= MaxConnectors) continue;
            faults.Add(ProblemCatalogue.InvalidValue, $"The object must have at most {MaxConnectors} members.", pointer);
            break;
        }

        if (shares.Count == 0) faults.Add(ProblemCatalogue.InvalidValue, "The object must not be empty.", pointer);
        return [.. shares.Values];
    }

    private static int ReadShare(JsonElement value, string pointer, Faults faults)
    {
        if (value.ValueKind != JsonValueKind.Number) faults.Add(ProblemCatalogue.InvalidType, "The value must be an integer.", pointer);
        else if (value.TryGetInt32(out var share) && share is >= 1 and <= MaxShare) return share;
        else faults.Add(ProblemCatalogue.InvalidValue, $"The value must be a whole number from 1 to {MaxShare}.", pointer);
        return 1;
    }

    private RoutingRule ReadRule(JsonElement element, string pointer, Faults faults)
    {
        var rule = JsonFields.Read(element, pointer, faults, RuleFields);
        var when = ReadConditions(rule);
        if (!rule.Has("weights")) rule.Require("use");
        else rule.Refuse(ProblemCatalogue.InvalidValue, "use", "A rule has connectors or weights, not both.");
        return new RoutingRule(when, ReadConnectors(rule, "use", faults), ReadWeights(rule));
    }

    private static RoutingConditions ReadConditions(JsonFields rule)
    {
        var when = rule.RequiredObject("when", ConditionFields);
        if (when is not null && !ConditionFields.Any(when.Has))
        {
            rule.Refuse(ProblemCatalogue.InvalidValue, "when", "A rule must have a condition; what fits no rule is routed by otherwise.");
        }

        var amount = when?.OptionalObject("amount", AmountFields);
        var gte = amount?.OptionalInteger("gte", 1, PaymentRequest.MaxAmount);
        var lte = amount?.OptionalInteger("lte", 1, PaymentRequest.MaxAmount);
        if (amount is not null && gte is null && lte is null) when!.Refuse(ProblemCatalogue.InvalidValue, "amount", "A bound must be given: gte, lte or both.");
        if (gte > lte) amount!.Refuse(ProblemCatalogue.InvalidValue, "gte", "The value must not be above lte.");
        return new RoutingConditions(
            when?.OptionalTexts("currency", MaxValues, code => Currency.TryParse(code, out _), "The value must be an ISO 4217 code in upper case.") ?? [],
            gte,
            lte,
            when?.OptionalTexts("method", ConnectorMembers.Methods.Length, ConnectorMembers.Methods.Contains, MethodRule) ?? [],
            when?.OptionalTexts("network", Networks.Length, Networks.Contains, NetworkRule) ?? [],
            when?.OptionalTexts("bin", MaxValues, IsBinPrefix, "The value must have 1 to 6 digits.") ?? [],
            when?.OptionalMap("metadata", PaymentRequest.MetadataLimits) ?? JsonText.EmptyMap,
            when?.OptionalTexts("country", MaxValues, Countries.All.Contains, "The value must be an ISO 3166-1 alpha-2 code in upper case."));
    }

    private ImmutableArray<string> ReadConnectors(JsonFields fields, string name, Faults faults)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var names = fields.OptionalArray(name, MaxConnectors, (element, pointer, inner) =>
        {
            var text = JsonText.Read(element, pointer, inner, 1, ConnectorName.MaxLength);
            if (text.Length > 0) RefuseUnknownConnector(text, pointer, inner);
            if (text.Length > 0 && !seen.Add(text)) inner.Add(ProblemCatalogue.InvalidValue, "The value is given twice.", pointer);
            return text;
        });
        if (names is { IsEmpty: true }) fields.Refuse(ProblemCatalogue.InvalidValue, name, "The array must not be empty.");
        return names ?? [];
    }

    private void RefuseUnknownConnector(string name, string pointer, Faults faults)
    {
        if (!connectors.Contains(name)) faults.Add(ProblemCatalogue.UnknownConnector, "There is no connector of this name that serves the merchant.", pointer);
    }

    private static bool IsBinPrefix(string text) => text.Length is >= 1 and <= 6 && text.All(char.IsAsciiDigit);
}
