using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Mvc;
using OrleansPayments.Grains.Shared.Journal;
using OrleansPayments.Payments;
using OrleansPayments.Silo.Api.Http;
using OrleansPayments.Silo.Api.OpenApi;

namespace OrleansPayments.Silo.Api.Payments;

/// <summary>
/// <c>GET /return/{payment_id}</c>: where a payer's browser comes back to from the provider, and from where it goes on to the merchant's page. Open to everybody
/// who knows the id; shows the status and nothing else of the payment.
/// </summary>
internal sealed class PaymentReturn(IGrainFactory grains) : IDisposable
{
    // Of their own, so that strangers never take the places of those who pay; a payer who gets none goes on with what is known.
    private const int MaxQuestions = 64;

    private readonly ConcurrencyLimiter _questions = new(new ConcurrencyLimiterOptions { PermitLimit = MaxQuestions, QueueLimit = 0 });

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/return/{payment_id}", ([FromRoute(Name = "payment_id")] string id, [FromServices] PaymentReturn page) => page.GoOnAsync(id))
            .WithMetadata(OperationDocs.ReturnToMerchant);

    public void Dispose() => _questions.Dispose();

    // The provider adds to the query what it likes, so none of it is looked at.
    private async Task<IResult> GoOnAsync(string id)
    {
        if (!PaymentId.TryParse(id, out var paymentId)) return PaymentEndpoints.NotFound();
        var payment = grains.Payment(paymentId);
        if (await payment.Get() is not { ReturnUrl: { } url } present) return PaymentEndpoints.NotFound();
        if (present.Status == PaymentStatus.RequiresAction) present = await AskConnectorAsync(payment, present);
        return new Redirection(ReturnAddress.Of(url, paymentId, present.Status));
    }

    // The payer is not kept waiting for what the merchant will hear anyway.
    private async Task<PaymentView> AskConnectorAsync(IPaymentGrain payment, PaymentView present)
    {
        using var place = _questions.AttemptAcquire();
        if (!place.IsAcquired) return present;
        try
        {
            return await payment.Sync() ?? present;
        }
        catch (Exception e) when (e is TimeoutException or JournalUnavailableException)
        {
            return present;
        }
    }

    private sealed class Redirection(string address) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.StatusCode = StatusCodes.Status303SeeOther;
            response.Headers.Location = address;
            response.Headers.CacheControl = "no-store";
            response.ContentLength = 0;
            return Task.CompletedTask;
        }
    }
}
