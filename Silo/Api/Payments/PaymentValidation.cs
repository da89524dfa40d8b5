using System.Collections.Immutable;
using System.Text.Json;
using OrleansPayments.Routing;
using OrleansPayments.Silo.Api.Access;
using OrleansPayments.Silo.Api.Http;
using OrleansPayments.Silo.Api.Json;
using OrleansPayments.Silo.Api.Problems;

namespace OrleansPayments.Silo.Api.Payments;

/// <summary>Tells what is wrong with a payment, all that can be found at once, and which way it would go. Sends nothing and writes nothing.</summary>
internal sealed class PaymentValidation(IGrainFactory grains, PaymentCreation creation, PaymentAdmission admission)
{
    public async Task<IResult> ValidateAsync(HttpContext http)
    {
        if (QueryFields.RefuseAny(http.Request) is { } refused) return new ProblemAnswer(refused);
        if (!(await RequestBody.ReadAsync(http, Reading.Of)).TryGet(out var reading, out var problem)) return new ProblemAnswer(problem);
        using var admitted = admission.Enter();
        if (!admitted.IsAcquired) return new ProblemAnswer(PaymentAdmission.Full);

        var (request, errors) = (reading.Request, reading.Errors.ToList());
        var merchant = await MerchantOfAsync(http.Caller(), request, errors);
        if (reading.IsRight("/payment_method/card/exp_month", "/payment_method/card/exp_year") && creation.HasExpired(request)) errors.Add(CardRules.Expired);

        var decision = merchant is { } owner && reading.IsRight("/amount", "/currency", "/preferred_connector", "/payment_method/type")
            ? await grains.Routing().Choose(request.ToRoutingRequest(owner))
            : null;
        return JsonAnswer.Ok(BodyOf(errors, decision), ApiJson.Default.PaymentValidationBody);
    }

    private async Task<MerchantId?> MerchantOfAsync(Caller caller, PaymentRequest request, List<Problem> errors)
    {
        if (errors.Any(error => error.Param == PaymentCreation.MerchantParam)) return null;
        if (!(await creation.MerchantOfAsync(caller, request)).TryGet(out var merchant, out var problem))
        {
            errors.Add(problem);
            return null;
        }

        if (merchant.Refusal is { } refusal) errors.Add(refusal);
        return merchant.Id;
    }

    private static PaymentValidationBody BodyOf(List<Problem> errors, RoutingDecision? decision)
    {
        // Stable, so that the first is what the creation finds first.
        var bodies = errors.OrderBy(Faults.Rank).Select(ValidationErrorBody.Of);
        if (decision is { Chosen: null }) bodies = bodies.Append(new ValidationErrorBody("no_eligible_connector", null, "No connector can take this payment; the candidates say why."));
        var all = bodies.ToImmutableArray();
        return new PaymentValidationBody(all.IsEmpty, all, decision is null ? null : RoutePreviewBody.Of(decision));
    }

    /// <summary>A body with everything that is wrong with it.</summary>
    private sealed class Reading(PaymentRequest request, ImmutableArray<Problem> errors)
    {
        public PaymentRequest Request { get; } = request;

        public ImmutableArray<Problem> Errors { get; } = errors;

        // What is no object at all is refused as it always is.
        public static Reading Of(JsonElement body, Faults faults)
        {
            var found = body.ValueKind == JsonValueKind.Object ? new Faults() : faults;
            return new Reading(PaymentRequest.Read(body, found), found.All);
        }

        /// <summary>Whether nothing is wrong with these members, nor with what they are in.</summary>
        public bool IsRight(params ReadOnlySpan<string> members)
        {
            foreach (var member in members)
            {
                if (Errors.Any(error => error.Param is { } param && (param == member || member.StartsWith(param + "/", StringComparison.Ordinal)))) return false;
            }

            return Request.HasCard;
        }
    }
}
