using System.Collections.Immutable;
using System.Text.Json;
using OrleansPayments.Connectors;
using OrleansPayments.Routing;
using OrleansPayments.Silo.Api.Connectors;
using OrleansPayments.Silo.Api.Http;
using OrleansPayments.Silo.Api.Json;
using OrleansPayments.Silo.Api.Problems;

namespace OrleansPayments.Silo.Api.Routing.Replay;

/// <summary>Reads the body of <c>POST /routing/replay</c>.</summary>
/// <param name="connectors">All that there are.</param>
/// <param name="now">Later decisions there are none.</param>
internal sealed class ReplayRequest(IReadOnlyCollection<ConnectorView> connectors, DateTimeOffset now)
{
    /// <summary>Of a replayed period.</summary>
    public const int MaxDays = 400;

    public static ImmutableArray<string> Fields { get; } = ["merchant_id", "from", "until", "policy", "fees"];

    private const string TimeRule = "The value must be an RFC 3339 time such as 2026-01-31T12:00:00Z.";

    /// <summary>Not to be used after a fault.</summary>
    public RoutingReplayTerms Read(JsonElement body, Faults faults)
    {
        var fields = JsonFields.Read(body, "", faults, Fields);
        var merchant = ReadMerchant(fields);
        var (from, until) = ReadPeriod(fields);
        var names = connectors
            .Where(connector => merchant is null || connector.Settings.MerchantId is null || connector.Settings.MerchantId == merchant)
            .Select(connector => connector.Name.Value)
            .ToHashSet(StringComparer.Ordinal);
        var policy = fields.Require("policy")
            ? new RoutingConfigurationRequest(names).Read(fields.Value("policy"), fields.PointerOf("policy"), faults)
            : RoutingConfiguration.Default;
        return new RoutingReplayTerms(merchant, from, until, policy, ReadFees(fields, names, faults));
    }

    /// <summary>All that was asked: two bodies that ask for the same are the same request.</summary>
    /// <param name="terms">With the end that was given; without one, that of the request's own moment must not count.</param>
    /// <param name="isOpen">No end was given.</param>
    public static void WriteCanonical(Utf8JsonWriter writer, RoutingReplayTerms terms, bool isOpen)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("fees");
        foreach (var draft in terms.Fees)
        {
            writer.WriteStartObject();
            writer.WriteString("connector", draft.Connector);
            ConnectorRequest.WriteFees(writer, draft.Fees);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString("from", terms.From.UtcDateTime);
        if (terms.MerchantId is { } merchant) writer.WriteString("merchant_id", merchant.Value);
        writer.WritePropertyName("policy");
        JsonSerializer.Serialize(writer, RoutingPolicyBody.Of(terms.Policy), ApiJson.Default.RoutingPolicyBody);
        if (!isOpen) writer.WriteString("until", terms.Until.UtcDateTime);
        writer.WriteEndObject();
    }

    private static MerchantId? ReadMerchant(JsonFields fields)
    {
        if (fields.OptionalText("merchant_id", 255) is not { } text) return null;
        if (MerchantId.TryParse(text, out var merchant)) return merchant;
        fields.Refuse(ProblemCatalogue.InvalidValue, "merchant_id", "The value must be a merchant id.");
        return null;
    }

    private (DateTimeOffset From, DateTimeOffset Until) ReadPeriod(JsonFields fields)
    {
        if (!Rfc3339.TryParse(fields.RequiredText("from", 40), out var from))
        {
            fields.Refuse(ProblemCatalogue.InvalidValue, "from", TimeRule);
            from = DateTimeOffset.MinValue;
        }

        var until = now;
        if (fields.OptionalText("until", 40) is { } text && !Rfc3339.TryParse(text, out until)) fields.Refuse(ProblemCatalogue.InvalidValue, "until", TimeRule);
        if (until > now) fields.Refuse(ProblemCatalogue.InvalidValue, "until", "The value must not be in the future.");
        if (from >= until) fields.Refuse(ProblemCatalogue.InvalidValue, "from", "The value must be before until, or before now where until is left out.");
        if (from != DateTimeOffset.MinValue && until - from > TimeSpan.FromDays(MaxDays))
        {
            fields.Refuse(ProblemCatalogue.InvalidValue, "from", $"The period must be at most {MaxDays} days long.");
        }

        return (from, until);
    }

    private static ImmutableArray<DraftFees> ReadFees(JsonFields fields, HashSet<string> names, Faults faults)
    {
        if (!fields.Has("fees")) return [];
        var (value, pointer) = (fields.Value("fees"), fields.PointerOf("fees"));
        if (value.ValueKind != JsonValueKind.Object)
        {
            faults.Add(ProblemCatalogue.InvalidType, "The value must be an object.", pointer);
            return [];
        }

        var drafts = new SortedDictionary<string, DraftFees>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            var at = JsonText.PointerOf(member, pointer);
            var name = JsonText.TryGetName(member) ?? "";
            if (!names.Contains(name)) faults.Add(ProblemCatalogue.UnknownConnector, "There is no connector of this name that serves the merchant.", at);
            if (!drafts.TryAdd(name, new DraftFees(name, ReadTable(member.Value, at, faults)))) faults.Add(ProblemCatalogue.DuplicateField, "The field is given twice.", at);
            if (drafts.Count <= RoutingConfigurationRequest.MaxConnectors) continue;
            faults.Add(ProblemCatalogue.InvalidValue, $"The object must have at most {RoutingConfigurationRequest.MaxConnectors} members.", pointer);
            break;
        }

        if (drafts.Count == 0) faults.Add(ProblemCatalogue.InvalidValue, "The object must not be empty.", pointer);
        return [.. drafts.Values];
    }

    // An empty table is one: nothing is taken.
    private static ImmutableArray<ConnectorFee> ReadTable(JsonElement value, string pointer, Faults faults)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            faults.Add(ProblemCatalogue.InvalidType, "The value must be an array.", pointer);
            return [];
        }

        if (value.GetArrayLength() > ConnectorMembers.MaxFees)
        {
            faults.Add(ProblemCatalogue.InvalidValue, $"The array must have at most {ConnectorMembers.MaxFees} elements.", pointer);
            return [];
        }

        ImmutableArray<ConnectorFee> fees = [.. value.EnumerateArray().Select((element, at) => ConnectorMembers.ReadFee(element, JsonPointer.Element(pointer, at), faults))];
        ConnectorMembers.RefuseAmbiguous(fees, pointer, faults);
        return fees;
    }
}
