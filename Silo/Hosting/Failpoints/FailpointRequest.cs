using System.Collections.Immutable;
using System.Text.Json;
using OrleansPayments.Grains.Shared.Failpoints;
using OrleansPayments.Silo.Api.Json;
using OrleansPayments.Silo.Api.Problems;

namespace OrleansPayments.Silo.Hosting.Failpoints;

/// <summary>The body of <c>PUT /failpoints/{name}</c>.</summary>
internal static class FailpointRequest
{
    public const int MaxSkip = 1_000_000;

    private const int MaxTextLength = 255;

    private static readonly ImmutableArray<string> Fields = ["action", "skip", "operation", "entity"];

    private static readonly ImmutableArray<string> Actions = ["hold", "kill"];

    // As the calls to connectors name themselves.
    private static readonly ImmutableArray<string> Operations = ["charge", "inquiry", "capture", "cancellation"];

    public static FailpointArming Read(Failpoint point, JsonElement body, Faults faults)
    {
        var fields = JsonFields.Read(body, "", faults, Fields);
        var action = fields.RequiredText("action", MaxTextLength);
        if (!Actions.Contains(action)) fields.Refuse(ProblemCatalogue.InvalidValue, "action", Accepted(Actions));

        var skip = fields.OptionalInt32("skip", 0, MaxSkip, otherwise: 0);
        var operation = fields.OptionalText("operation", MaxTextLength);
        if (point is Failpoint.DuringCommit or Failpoint.AfterCommit)
            fields.Refuse(ProblemCatalogue.InvalidValue, "operation", "The points of the journal know no operations.");
        else if (operation is not null && !Operations.Contains(operation))
            fields.Refuse(ProblemCatalogue.InvalidValue, "operation", Accepted(Operations));

        var entity = fields.OptionalText("entity", MaxTextLength);
        if (entity is not null && !entity.StartsWith(PaymentId.Prefix, StringComparison.Ordinal))
            fields.Refuse(ProblemCatalogue.InvalidValue, "entity", $"The value must be the beginning of a payment's id, so begin with {PaymentId.Prefix}.");

        return new FailpointArming((FailpointAction)Math.Max(0, Actions.IndexOf(action)), skip, operation, entity);
    }

    private static string Accepted(ImmutableArray<string> values) => $"The value must be one of: {string.Join(", ", values)}.";
}
